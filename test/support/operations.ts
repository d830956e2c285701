export { allFunctions } from '../../openapi/functions.ts';
