import { ELEMENT, knownMaps, knownTypes, type Path, requiredPaths } from './known-paths.ts';

/*
 * MongoDB expressions for the pipeline in `drift-pipeline.ts`.
 *
 * Each document in the pipeline has a `path` into an archived record, the `value` at that path, and the differences
 * `found` so far. `children` are the members or elements of the value, each as `{ name, type, value }`.
 */

export type Expression = unknown;

/** The type of the row that counts the records themselves. Its path is empty. */
export const RECORD = 'record';
/** The type of a row for a required member that a record lacks. */
export const MISSING = 'missing';

/**
 * Returns an expression with the value of the first condition that is true. It does not use `$switch`, because an
 * object with a member named `then` looks like a promise to JavaScript.
 */
const firstOf = (branches: [Expression, Expression][], otherwise: Expression): Expression =>
  branches.reduceRight(
    (rest, [condition, value]) => ({ $cond: [condition, value, rest] }),
    otherwise,
  );

const isOf = (type: string, value: string): Expression => ({ $eq: [{ $type: value }, type] });

/** Returns an expression with the JSON Schema type of a value; for types that JSON lacks, such as dates, the BSON type. */
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

/** The rows for a record as a whole: one that counts the record, and one for each required path that it lacks. */
export const found: Expression = {
  $concatArrays: [
    [{ path: { $literal: [] }, type: RECORD }],
    ...requiredPaths.map((path) => {
      const isMissing = { $eq: [{ $type: `$document.${path.join('.')}` }, 'missing'] };
      // If the parent is not an object, the row is for the parent: it is missing, or has another type.
      const parent = { $type: `$${['document', ...path.slice(0, -1)].join('.')}` };
      const row = { $literal: [{ path, type: MISSING }] };
      return { $cond: [{ $and: [{ $eq: [parent, 'object'] }, isMissing] }, row, []] };
    }),
  ],
};

const part = (name: Expression, value: string): Expression => ({
  name,
  type: typeOf(value),
  value,
});

/** The members of an object, or the elements of a list. */
export const children: Expression = firstOf(
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

/** Returns an expression with the distinct paths and types of `children` at a level that the schema does not declare. */
export const unknownOn = (level: number): Expression => ({
  $map: {
    input: {
      $setDifference: [
        {
          $map: {
            input: withoutMapValues(level),
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

/** Returns an expression with `children`, without the valid members of objects that allow any member name. */
function withoutMapValues(level: number): Expression {
  return knownMaps
    .filter(({ path }) => path.length === level - 1)
    .reduce<Expression>((input, { path, type }) => {
      const others = { $filter: { input, as: 'part', cond: { $ne: ['$$part.type', type] } } };
      return { $cond: [isAt(path), others, input] };
    }, '$children');
}

/** Returns an expression with the names and types that the schema declares for the children at a level. */
function knownOn(level: number): Expression {
  const known = knownTypes.filter(({ path }) => path.length === level);
  const byParent = Map.groupBy(known, ({ path }) => JSON.stringify(path.slice(0, -1)));
  const branches = [...byParent].map(([parent, members]): [Expression, Expression] => [
    isAt(JSON.parse(parent)),
    { $literal: members.map(({ path, type }) => ({ name: path.at(-1), type })) },
  ]);
  return firstOf(branches, []);
}
