/** The origins in CORS_ORIGIN, separated by commas, as a list for `serverless.yml`. */
module.exports = () => (process.env.CORS_ORIGIN || 'https://catalog.invalid').split(',');
