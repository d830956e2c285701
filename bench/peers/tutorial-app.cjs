/*
 * The shape of MongoDB's tutorial "Multiple Connections in a Single Application", as a Lambda function: express and
 * mongoose from node_modules, a model on a connection of createConnection(), and a find. CommonJS, which loads quicker than
 * ESM.
 */
const express = require('express');
const mongoose = require('mongoose');
const serverless = require('serverless-http');

const productSchema = new mongoose.Schema(
  {
    sku: { type: String, required: true },
    name: { type: String, required: true },
    description: String,
    category: String,
    tags: [String],
    price: { amount: Number, currency: String },
    stock: Number,
    status: String,
    attributes: { type: Map, of: String },
    version: Number,
  },
  { timestamps: true, autoIndex: false, autoCreate: false },
);

/** Returns the handler of a Lambda function that uses a connection. */
exports.handlerOn = (connection) => {
  const Product = connection.model('Product', productSchema);
  const app = express();
  app.use(express.json());
  app.get('/products/:product', async (request, response) => {
    const [product] = await Product.find({ _id: request.params.product });
    if (!product) return response.status(404).json({ message: 'There is no such product' });
    return response.json(product);
  });
  return serverless(app);
};
