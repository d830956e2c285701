/*
 * The data of the sample catalog, most of which is that of MongoDB's tutorial "Multiple Connections in a Single
 * Application". The examples of the API document name these ids, so that they work on a service that was just started.
 */

const usd = (amount: number) => ({ amount, currency: 'USD' });

const laptop = {
  sku: 'LAP-PRO',
  name: 'Laptop Pro',
  description: 'Fast, with a large display.',
  category: 'Electronics',
  tags: ['computer'],
  price: usd(129_999),
  stock: 12,
  attributes: { color: 'grey', memory: '32 GB' },
};
const headphones = {
  sku: 'HEAD-WL',
  name: 'Wireless Headphones',
  category: 'Electronics',
  tags: ['audio', 'wireless'],
  price: usd(19_999),
  stock: 40,
};
const coffeeMaker = {
  sku: 'COF-MKR',
  name: 'Coffee Maker',
  category: 'Kitchen',
  price: usd(8_999),
  stock: 25,
};
const chair = {
  sku: 'CHR-GAME',
  name: 'Gaming Chair',
  category: 'Furniture',
  price: usd(29_999),
  stock: 8,
};
const keyboard = {
  sku: 'KEY-MECH',
  name: 'Mechanical Keyboard',
  category: 'Electronics',
  tags: ['computer'],
  price: usd(14_999),
  stock: 30,
};

const inEuros = <P extends { price: { amount: number } }>(product: P) => ({
  ...product,
  price: { amount: product.price.amount, currency: 'EUR' },
});

/** The products of the head catalog, by their ids. An id is unique among all catalogs. */
export const headProducts = {
  '6743f1c2a9b0c4d5e6f70801': laptop,
  '6743f1c2a9b0c4d5e6f70802': headphones,
  '6743f1c2a9b0c4d5e6f70803': coffeeMaker,
};

/** The store whose archive has the old records. */
export const STORE_WITH_RECORDS = 'store-a';

/** The stores, each with its products by their ids. */
export const sampleStores = [
  {
    id: STORE_WITH_RECORDS,
    name: 'Store A',
    currency: 'USD',
    products: {
      '6743f1c2a9b0c4d5e6f70811': laptop,
      '6743f1c2a9b0c4d5e6f70812': headphones,
      '6743f1c2a9b0c4d5e6f70813': coffeeMaker,
    },
  },
  {
    id: 'store-b',
    name: 'Store B',
    currency: 'USD',
    products: {
      '6743f1c2a9b0c4d5e6f70821': chair,
      '6743f1c2a9b0c4d5e6f70822': keyboard,
      '6743f1c2a9b0c4d5e6f70823': headphones,
    },
  },
  {
    id: 'store-eu',
    name: 'Store EU',
    currency: 'EUR',
    // If there is such a cluster; otherwise on the primary.
    cluster: 'eu-1',
    products: {
      '6743f1c2a9b0c4d5e6f70841': inEuros(chair),
      '6743f1c2a9b0c4d5e6f70842': inEuros(keyboard),
    },
  },
  // A store to close.
  {
    id: 'pop-up',
    name: 'Pop-up Store',
    currency: 'USD',
    products: { '6743f1c2a9b0c4d5e6f70831': keyboard },
  },
];

/**
 * The old records, by the ids that the archive derives from their content. Their prices are plain numbers,
 * and the current schema does not declare all of their fields.
 */
export const oldRecords = {
  c53a735e7234410ab4c4bd1f: {
    name: 'Smart Watch',
    price: 199.99,
    category: 'Electronics',
    extraField: 'Fitness tracking',
    timestamp: '2019-03-04T09:30:00Z',
  },
  be79440e4369d867639f0fb6: {
    name: 'Bluetooth Speaker',
    price: 79.99,
    category: 'Electronics',
    extraField: { waterproof: true, hours: 12 },
    timestamp: '2020-07-21T16:05:00Z',
  },
  '1c0b0a43ae687e56b9389e67': {
    name: 'Desk Lamp',
    price: 49.99,
    category: 'Home',
    extraField: ['warm', 'cold'],
    timestamp: 1_546_300_800,
  },
};
