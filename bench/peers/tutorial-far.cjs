/*
 * The tutorial's shape with its connection string in Parameter Store, which it reads while the module is loaded. mongoose
 * buffers the first query until the connection is open.
 */
const mongoose = require('mongoose');
const { readParameter } = require('./read-parameter.cjs');
const { handlerOn } = require('./tutorial-app.cjs');

const connection = mongoose.createConnection();
readParameter(process.env.SECRETS_PARAMETER).then((text) =>
  connection.openUri(JSON.parse(text).primary),
);

module.exports.handler = handlerOn(connection);
