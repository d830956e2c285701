export { allFunctions } from '../../local/functions.ts';
