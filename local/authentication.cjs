// serverless-offline calls this for each route; see authentication.ts.
module.exports = require('./authentication.ts').provider;
