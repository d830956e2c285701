/** The scopes that a token can have. */
export const SCOPES = [
  'stores:read',
  'stores:admin',
  'products:read',
  'products:write',
  'stock:write',
  'archive:write',
  'reports:read',
] as const;
export type Scope = (typeof SCOPES)[number];
