import { ELEMENT, knownMaps, knownTypes, type Path, requiredPaths } from './known-paths.ts';

/*
 * What the walk through the archive reckons with (see `drift-pipeline.ts`), as expressions of MongoDB.
 *
 * A document of the walk has a `path`, the `value` that stands there, and what was `found` so far. `inside`
 * are the members or elements of that value, each as `{ name, type, value }`.
 */

export type Expression = unknown;

/** The type of what stands for each record itself, with an empty path: their count. */
export const RECORD = 'record';
/** The type of what a product cannot be without, and a record has not. */
export const MISSING = 'missing';

/** The value of the first condition that holds: `$switch`, whose `then` is not for objects in JavaScript. */
const firstOf = (branches: [Expression, Expression][], otherwise: Expression): Expression =>
  branches.reduceRight(
    (rest, [condition, value]) => ({ $cond: [condition, value, rest] }),
    otherwise,
  );

const isOf = (type: string, value: string): Expression => ({ $eq: [{ $type: value }, type] });

/** A type in JSON Schema's words, and in BSON's where JSON has none: a date, an objectId. */
const typeOf = (value: string): Expression =>
  firstOf(
    [
      [isOf('int', value), 'integer'],
      [isOf('long', value), 'integer'],
      [isOf('bool', value), 'boolean'],
      [isOf('double', value), { $cond: [{ $eq: [{ $mod: [value, 1] }, 0] }, 'integer', 'number'] }],
    ],
    { $type: value },
  );

/** What is found of a record as a whole: that it is there, and which required paths it lacks. */
export const found: Expression = {
  $concatArrays: [
    [{ path: { $literal: [] }, type: RECORD }],
    ...requiredPaths.map((path) => {
      const isMissing = { $eq: [{ $type: `$document.${path.join('.')}` }, 'missing'] };
      // Where there is no object to hold it, that object is what is missing, or of another type.
      const holder = { $type: `$${['document', ...path.slice(0, -1)].join('.')}` };
      const row = { $literal: [{ path, type: MISSING }] };
      return { $cond: [{ $and: [{ $eq: [holder, 'object'] }, isMissing] }, row, []] };
    }),
  ],
};

const part = (name: Expression, value: string): Expression => ({
  name,
  type: typeOf(value),
  value,
});

/** The members of the object, or the elements of the list, that a document of the walk stands for. */
export const inside: Expression = firstOf(
  [
    [
      isOf('object', '$value'),
      {
        $map: {
          input: { $objectToArray: '$value' },
          as: 'member',
          in: part('$$member.k', '$$member.v'),
        },
      },
    ],
    [
      isOf('array', '$value'),
      { $map: { input: '$value', as: 'element', in: part(ELEMENT, '$$element') } },
    ],
  ],
  [],
);

/** The paths and types among `inside`, which stands on `level`, that the schema does not know, each once. */
export const unknownOn = (level: number): Expression => ({
  $map: {
    input: {
      $setDifference: [
        {
          $map: {
            input: besidesMaps(level),
            as: 'part',
            in: { name: '$$part.name', type: '$$part.type' },
          },
        },
        knownOn(level),
      ],
    },
    as: 'part',
    in: { path: { $concatArrays: ['$path', ['$$part.name']] }, type: '$$part.type' },
  },
});

const isAt = (path: Path): Expression => ({ $eq: ['$path', { $literal: path }] });

/** `inside`, without what is as it should be in an object that takes any name. */
function besidesMaps(level: number): Expression {
  return knownMaps
    .filter(({ path }) => path.length === level - 1)
    .reduce<Expression>((input, { path, type }) => {
      const others = { $filter: { input, as: 'part', cond: { $ne: ['$$part.type', type] } } };
      return { $cond: [isAt(path), others, input] };
    }, '$inside');
}

/** The names and types that the schema knows in what a document on `level` stands for. */
function knownOn(level: number): Expression {
  const known = knownTypes.filter(({ path }) => path.length === level);
  const byParent = Map.groupBy(known, ({ path }) => JSON.stringify(path.slice(0, -1)));
  const branches = [...byParent].map(([parent, members]): [Expression, Expression] => [
    isAt(JSON.parse(parent)),
    { $literal: members.map(({ path, type }) => ({ name: path.at(-1), type })) },
  ]);
  return firstOf(branches, []);
}
