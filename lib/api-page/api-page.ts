import type { FileToSend } from './file-answer.ts';

const OWN = 'lib/api-page';
const SWAGGER_UI = 'node_modules/swagger-ui-dist';

/** The files of the API documentation page, by their names in `/docs/{asset}`. `/docs` itself serves `page.html`. */
export const apiPage = {
  'page.html': { path: `${OWN}/page.html`, type: 'text/html; charset=utf-8' },
  'page.css': { path: `${OWN}/page.css`, type: 'text/css' },
  'page.js': { path: `${OWN}/page.js`, type: 'text/javascript' },
  'icon.svg': { path: `${OWN}/icon.svg`, type: 'image/svg+xml' },
  'swagger-ui.css': { path: `${SWAGGER_UI}/swagger-ui.css`, type: 'text/css' },
  'swagger-ui-bundle.js': { path: `${SWAGGER_UI}/swagger-ui-bundle.js`, type: 'text/javascript' },
} as const satisfies Record<string, FileToSend>;

export const ASSETS = Object.keys(apiPage) as (keyof typeof apiPage)[];
