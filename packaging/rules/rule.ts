import type { Deployment, Resource } from '../template/context.ts';
import type { Template } from '../template/service.ts';

/** A rule that every template must follow. */
export interface Rule {
  /** What must be true, as a sentence. */
  rule: string;
  /** Returns the resources that break the rule, each with what is wrong; an empty list if none does. */
  faults: (template: Template, deployment: Deployment) => string[];
}

/** Properties of a resource. The rules read only members that they check. */
// biome-ignore lint/suspicious/noExplicitAny: a template has no types.
export type Properties = Record<string, any>;

/** Returns the resources of a type, by their logical ids. */
export const allOf = (
  { Resources }: Template,
  type: string,
): [id: string, properties: Properties, resource: Resource][] =>
  Object.entries(Resources)
    .filter(([, { Type }]) => Type === type)
    .map(([id, resource]) => [id, resource.Properties, resource]);

/** Returns the ids of the resources of a type whose properties break a rule. */
export const breaking = (
  template: Template,
  type: string,
  breaks: (properties: Properties, id: string) => boolean,
): string[] =>
  allOf(template, type)
    .filter(([id, properties]) => breaks(properties, id))
    .map(([id]) => id);
