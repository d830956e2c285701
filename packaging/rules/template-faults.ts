import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CelEngine, TemplateFile } from '@aws/cloudformation-validate';
import type { Deployment } from '../template/context.ts';
import type { Template } from '../template/service.ts';
import { functionRules } from './function-rules.ts';
import { policyRules } from './policy-rules.ts';
import type { Rule } from './rule.ts';
import { stackRules } from './stack-rules.ts';

/** The rules of this project. */
export const RULES: readonly Rule[] = [...stackRules, ...functionRules, ...policyRules];

/** Returns a line for everything that is wrong with a template: by the rules of this project, and by those of AWS. */
export const templateFaults = (template: Template, deployment: Deployment): string[] => [
  ...ruleFaults(template, deployment),
  ...specificationFaults(template, deployment.values.AWS_REGION),
];

/** Returns a line for every rule of this project that a template breaks. */
export const ruleFaults = (template: Template, deployment: Deployment): string[] =>
  RULES.flatMap(({ rule, faults }) => {
    const found = faults(template, deployment);
    return found.length > 0 ? [`${rule}: not ${found.join(', ')}`] : [];
  });

/**
 * Returns a line for every error that AWS' own validator finds without a network: unknown resources and properties,
 * missing and malformed ones, and references to nothing.
 */
export function specificationFaults(template: Template, region: string): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'manystore-template-'));
  const engine = new CelEngine();
  try {
    const file = join(folder, 'template.json');
    writeFileSync(file, JSON.stringify(template));
    const { diagnostics } = engine.validateStandard(new TemplateFile(file), {
      severityLevel: 'ERROR',
      pseudoParameterOverrides: { region },
    });
    return diagnostics.map(
      ({ ruleId, message, entity, propertyPath }) =>
        `${[entity?.logicalId, propertyPath].filter(Boolean).join('.')}: ${message} (${ruleId})`,
    );
  } finally {
    engine.free();
    rmSync(folder, { recursive: true });
  }
}
