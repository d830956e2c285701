/*
 * The shape of MongoDB's tutorial "Multiple Connections in a Single Application", as a Lambda function: express and
 * mongoose from node_modules, a connection with createConnection(), a model on it, and a find. The tutorial opens
 * two connections; one is enough here, which is kind to this peer. CommonJS, which loads quicker than ESM.
 */
const express = require('express');
const mongoose = require('mongoose');
const serverless = require('serverless-http');

const connection = mongoose.createConnection(process.env.PRIMARY_CONN_STR);

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
const Product = connection.model('Product', productSchema);

const app = express();
app.use(express.json());
app.get('/products/:product', async (request, response) => {
  const [product] = await Product.find({ _id: request.params.product });
  if (!product) return response.status(404).json({ message: 'There is no such product' });
  return response.json(product);
});

module.exports.handler = serverless(app);
