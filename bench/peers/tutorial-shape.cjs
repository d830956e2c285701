/*
 * The tutorial's shape. The tutorial opens two connections; one is enough here, which is kind to this peer.
 */
const mongoose = require('mongoose');
const { handlerOn } = require('./tutorial-app.cjs');

module.exports.handler = handlerOn(mongoose.createConnection(process.env.PRIMARY_CONN_STR));
