// Made of docs/openapi.json by `npm run client`: change the contracts, not this.


/** OneOf type helpers */
type Without<T, U> = { [P in Exclude<keyof T, keyof U>]?: never };
type XOR<T, U> = (T | U) extends object ? (Without<T, U> & U) | (Without<U, T> & T) : T | U;
type OneOf<T extends any[]> = T extends [infer Only] ? Only : T extends [infer A, infer B, ...infer Rest] ? OneOf<[XOR<A, B>, ...Rest]> : never;

export interface paths {
  "/stores": {
    /**
     * Lists the stores, by id.
     * @description The token needs the scope `stores:read`.
     */
    get: operations["list-stores"];
    /**
     * Opens a store, with a database of its own.
     * @description The token needs the scope `stores:admin`.
     */
    post: operations["create-store"];
  };
  "/stores/{store}": {
    /**
     * Reads a store.
     * @description The token needs the scope `stores:read`.
     */
    get: operations["get-store"];
    /**
     * Archives every product of a store, then drops its database: called again until it is closed.
     * @description The token needs the scope `stores:admin`.
     */
    delete: operations["close-store"];
    /**
     * Gives a store another name, suspends or resumes it, by a JSON merge patch.
     * @description The token needs the scope `stores:admin`.
     */
    patch: operations["update-store"];
  };
  "/products": {
    /**
     * Lists, filters and searches the products of the head catalog or of a store.
     * @description About the head catalog. The token needs the scope `products:read`.
     */
    get: operations["list-products"];
    /**
     * Adds a product to the head catalog or to a store.
     * @description About the head catalog. The token needs the scope `products:write`.
     */
    post: operations["create-product"];
  };
  "/stores/{store}/products": {
    /**
     * Lists, filters and searches the products of the head catalog or of a store.
     * @description About a store. The token needs the scope `products:read`.
     */
    get: operations["list-products-in-store"];
    /**
     * Adds a product to the head catalog or to a store.
     * @description About a store. The token needs the scope `products:write`.
     */
    post: operations["create-product-in-store"];
  };
  "/products/{product}": {
    /**
     * Reads a product of the head catalog or of a store.
     * @description About the head catalog. The token needs the scope `products:read`.
     */
    get: operations["get-product"];
    /**
     * Moves a product to the archive on the secondary server.
     * @description About the head catalog. The token needs the scope `products:write`.
     */
    delete: operations["archive-product"];
    /**
     * Changes a product by a JSON merge patch.
     * @description About the head catalog. The token needs the scope `products:write`.
     */
    patch: operations["update-product"];
  };
  "/stores/{store}/products/{product}": {
    /**
     * Reads a product of the head catalog or of a store.
     * @description About a store. The token needs the scope `products:read`.
     */
    get: operations["get-product-in-store"];
    /**
     * Moves a product to the archive on the secondary server.
     * @description About a store. The token needs the scope `products:write`.
     */
    delete: operations["archive-product-in-store"];
    /**
     * Changes a product by a JSON merge patch.
     * @description About a store. The token needs the scope `products:write`.
     */
    patch: operations["update-product-in-store"];
  };
  "/products/{product}/publications": {
    /**
     * Copies a product of the head catalog into stores, or brings their copies up to date.
     * @description The token needs the scope `products:write`.
     */
    post: operations["publish-product"];
  };
  "/stores/{store}/products/{product}/stock": {
    /**
     * Adds pieces to a product's stock, or takes some away, never below zero.
     * @description The token needs the scope `stock:write`.
     */
    post: operations["adjust-stock"];
  };
  "/transfers": {
    /**
     * Moves pieces of a product from one store to another: all of them, or none.
     * @description The token needs the scope `stock:write`.
     */
    post: operations["transfer-stock"];
  };
  "/products/import": {
    /**
     * Adds and changes products by SKU, from the rows of a file: JSON, NDJSON or CSV.
     * @description About the head catalog. The token needs the scope `products:write`.
     */
    post: operations["import-products"];
  };
  "/stores/{store}/products/import": {
    /**
     * Adds and changes products by SKU, from the rows of a file: JSON, NDJSON or CSV.
     * @description About a store. The token needs the scope `products:write`.
     */
    post: operations["import-products-in-store"];
  };
  "/products/export": {
    /**
     * Gives the products as files that can be imported again: NDJSON or CSV, page by page.
     * @description About the head catalog. The token needs the scope `products:read`.
     */
    get: operations["export-products"];
  };
  "/stores/{store}/products/export": {
    /**
     * Gives the products as files that can be imported again: NDJSON or CSV, page by page.
     * @description About a store. The token needs the scope `products:read`.
     */
    get: operations["export-products-in-store"];
  };
  "/stores/{store}/archive": {
    /**
     * Lists a store's retired products, the newest first.
     * @description The token needs the scope `products:read`.
     */
    get: operations["list-archive"];
    /**
     * Takes old records of any shape into a store's archive.
     * @description The token needs the scope `archive:write`.
     */
    post: operations["ingest-archive"];
  };
  "/stores/{store}/archive/{product}": {
    /**
     * Reads a retired product of a store, with every field that it had.
     * @description The token needs the scope `products:read`.
     */
    get: operations["get-archived-product"];
  };
  "/stores/{store}/archive/{product}/restoration": {
    /**
     * Brings a record of a store's archive back as a product, as today's schema has them.
     * @description The token needs the scope `products:write`.
     */
    post: operations["restore-product"];
  };
  "/search": {
    /**
     * Lists, filters and searches the products of all stores, as the mirror has them.
     * @description The token needs the scope `reports:read`.
     */
    get: operations["search-products"];
  };
  "/reports/overview": {
    /**
     * Asks both servers for their figures; one that is away is excused.
     * @description The token needs the scope `reports:read`.
     */
    get: operations["report-overview"];
  };
  "/reports/stores": {
    /**
     * Tells of each store how many products and units it has, their value, and what runs low.
     * @description The token needs the scope `reports:read`.
     */
    get: operations["report-stores"];
  };
  "/reports/stores/{store}/history": {
    /**
     * Lists a store's daily figures, the newest first; a closed store's too.
     * @description The token needs the scope `reports:read`.
     */
    get: operations["report-history"];
  };
  "/reports/drift": {
    /**
     * Counts what archived records hold and the schema of a product does not know.
     * @description The token needs the scope `reports:read`.
     */
    get: operations["report-drift"];
  };
  "/health": {
    /**
     * Pings each connection and times it.
     * @description It takes no token.
     */
    get: operations["get-health"];
  };
  "/openapi.json": {
    /**
     * Gives the document of this API, as OpenAPI 3.1 has it.
     * @description It takes no token.
     */
    get: operations["get-openapi"];
  };
  "/docs": {
    /**
     * Gives a page on which one reads the document of this API, and tries its operations.
     * @description It takes no token.
     */
    get: operations["get-docs"];
  };
  "/docs/{asset}": {
    /**
     * Gives a page on which one reads the document of this API, and tries its operations.
     * @description It takes no token.
     */
    get: operations["get-docs-asset"];
  };
}

export type webhooks = Record<string, never>;

export interface components {
  schemas: {
    /** @description An OpenAPI document: this one. */
    ApiDocument: {
      openapi: string;
      info: {
        [key: string]: unknown;
      };
      paths: {
        [key: string]: unknown;
      };
      [key: string]: unknown;
    };
    /** @description What the archive knows of a record. */
    ArchiveEntry: {
      /** @description The id of the record in the archive. */
      id: components["schemas"]["Id"];
      /** @description The id of the store that it belonged to; null for the head catalog. */
      store: components["schemas"]["StoreId"] | null;
      /**
       * @description Whether it was a product (`catalog`) or came in as an old record (`ingest`).
       * @enum {string}
       */
      source: "catalog" | "ingest";
      /** @description When it came into the archive. */
      archivedAt: components["schemas"]["Instant"];
    };
    /** @description A page of a list: records of an archive, the newest first. */
    ArchivePage: {
      /** @description As many as `limit` says, or fewer where they are large. */
      items: components["schemas"]["ArchivedProduct"][];
      /** @description The `cursor` of the page after this one; null on the last page. */
      next: string | null;
    };
    /** @description A retired product or an old record, with every field that it had. */
    ArchivedProduct: {
      /** @description What the archive itself knows of it. */
      _archive: components["schemas"]["ArchiveEntry"];
      [key: string]: unknown;
    };
    /** @description Another request opens a store of that id at the same time. Whether it succeeds is not known yet. */
    BeingOpenedProblem: {
      /**
       * @description The kind of problem, for programs.
       * @constant
       */
      type: "urn:manystore:problem:being-opened";
      /**
       * @description The kind of problem, for people.
       * @constant
       */
      title: "Store being opened";
      /**
       * @description The status of the answer.
       * @constant
       */
      status: 409;
      /** @description What happened this time. */
      detail: string;
      /** @description The id of the request, as a URN; it is in `X-Request-Id` as well. */
      instance: string;
      /** @description The faults of the request, each where it stands. */
      errors?: components["schemas"]["Fault"][];
    };
    /** @description Whether a server answers. */
    Connection: {
      /**
       * @description Whether it answered a ping.
       * @enum {string}
       */
      status: "up" | "down";
      /** @description How long that took in milliseconds, connecting included. */
      ms: number;
    };
    /** @description The body has more bytes than the operation takes. */
    ContentTooLargeProblem: {
      /**
       * @description The kind of problem, for programs.
       * @constant
       */
      type: "urn:manystore:problem:content-too-large";
      /**
       * @description The kind of problem, for people.
       * @constant
       */
      title: "Content too large";
      /**
       * @description The status of the answer.
       * @constant
       */
      status: 413;
      /** @description What happened this time. */
      detail: string;
      /** @description The id of the request, as a URN; it is in `X-Request-Id` as well. */
      instance: string;
      /** @description The faults of the request, each where it stands. */
      errors?: components["schemas"]["Fault"][];
    };
    /** @description A currency, by its ISO 4217 code. */
    Currency: string;
    /** @description The figures of a store on a day. */
    DayFigures: {
      /**
       * Format: date
       * @description The day in UTC.
       */
      date: string;
      /** @description How many products there are. */
      products: number;
      /** @description How many pieces there are of all of them. */
      units: number;
      /** @description What the pieces are worth, in minor units, by currency. */
      value: {
          currency: components["schemas"]["Currency"];
          amount: number;
        }[];
      /** @description Products of which few pieces are left. */
      lowStock: number;
      /** @description When they were taken. */
      takenAt: components["schemas"]["Instant"];
      /** @description As of when they are. */
      syncedAt: components["schemas"]["Instant"];
    };
    /** @description A page of a list: the figures of a store, the newest day first. */
    DayFiguresPage: {
      /** @description As many as `limit` says, or fewer where they are large. */
      items: components["schemas"]["DayFigures"][];
      /** @description The `cursor` of the page after this one; null on the last page. */
      next: string | null;
    };
    /** @description What archived records hold that a product of today does not. */
    Drift: {
      /** @description How many records were looked at. */
      records: number;
      /** @description The most frequent first. */
      items: components["schemas"]["DriftItem"][];
      /** @description Whether there is more than fits: rarer paths and types are left out. */
      more: boolean;
    };
    /** @description A path and type, and how often they are. */
    DriftItem: {
      /** @description A JSON pointer (RFC 6901) into a record. `*` is any element of a list; a member that is called so is written `~2`. */
      path: string;
      /** @description JSON Schema’s word; BSON’s where JSON has none, such as `date`; or `missing` for a member that a product must have. */
      type: string;
      /** @description How many records it is so in. */
      count: number;
    };
    /** @description The record is not a product as today's schema has it: `errors` says why. Nothing was changed. */
    DriftedProblem: {
      /**
       * @description The kind of problem, for programs.
       * @constant
       */
      type: "urn:manystore:problem:drifted";
      /**
       * @description The kind of problem, for people.
       * @constant
       */
      title: "Record drifted";
      /**
       * @description The status of the answer.
       * @constant
       */
      status: 422;
      /** @description What happened this time. */
      detail: string;
      /** @description The id of the request, as a URN; it is in `X-Request-Id` as well. */
      instance: string;
      /** @description The faults of the request, each where it stands. */
      errors?: components["schemas"]["Fault"][];
    };
    /** @description A unique key is taken, which `key` names: the SKU of a product, or the id of a store. */
    DuplicateKeyProblem: {
      /**
       * @description The kind of problem, for programs.
       * @constant
       */
      type: "urn:manystore:problem:duplicate-key";
      /**
       * @description The kind of problem, for people.
       * @constant
       */
      title: "Duplicate key";
      /**
       * @description The status of the answer.
       * @constant
       */
      status: 409;
      /** @description What happened this time. */
      detail: string;
      /** @description The id of the request, as a URN; it is in `X-Request-Id` as well. */
      instance: string;
      /** @description The faults of the request, each where it stands. */
      errors?: components["schemas"]["Fault"][];
      key: {
        sku: string;
      } | {
        id: string;
      };
    };
    /** @description A row that was refused. */
    FailedRow: {
      /** @description Where it begins, from 1: its line, or its place in a JSON array. */
      line: number;
      /** @description Its SKU; null when that could not be read. */
      sku: string | null;
      /** @description What is wrong with it. */
      reason: string;
    };
    /** @description What is wrong, and where. */
    Fault: {
      /**
       * @description The part of the request, or the archived record.
       * @enum {string}
       */
      in: "path" | "query" | "headers" | "body" | "archive";
      /** @description Where in it: a JSON pointer (RFC 6901). */
      pointer: string;
      /** @description What is wrong there, to be read behind the name of the member. */
      reason: string;
    };
    /** @description The token has not the scope of the operation, or does not cover what it would change. */
    ForbiddenProblem: {
      /**
       * @description The kind of problem, for programs.
       * @constant
       */
      type: "urn:manystore:problem:forbidden";
      /**
       * @description The kind of problem, for people.
       * @constant
       */
      title: "Forbidden";
      /**
       * @description The status of the answer.
       * @constant
       */
      status: 403;
      /** @description What happened this time. */
      detail: string;
      /** @description The id of the request, as a URN; it is in `X-Request-Id` as well. */
      instance: string;
      /** @description The faults of the request, each where it stands. */
      errors?: components["schemas"]["Fault"][];
    };
    /** @description What API Gateway answers without asking the service. */
    GatewayMessage: {
      message: string;
      [key: string]: unknown;
    };
    /** @description Whether the service can work. */
    Health: {
      /**
       * @description `degraded` without the secondary server. Without the primary, the answer is 503.
       * @enum {string}
       */
      status: "ok" | "degraded";
      /** @description The two servers. */
      connections: {
        primary: components["schemas"]["Connection"];
        secondary: components["schemas"]["Connection"];
      };
    };
    /** @description An id that the service gives: 24 hexadecimal digits. */
    Id: string;
    /** @description What became of the rows of a file. */
    ImportResult: {
      /** @description Rows that made a product. */
      created: number;
      /** @description Rows that changed one. */
      updated: number;
      /** @description Rows that said what was there already. */
      unchanged: number;
      /** @description Rows that were refused, each with the reason. */
      failed: components["schemas"]["FailedRow"][];
      /** @description How many more rows were refused, where there are too many to name each. */
      moreFailed?: number;
    };
    /** @description A JSON merge patch (RFC 7396) for the product of its SKU, which is made if it is not there; it needs a name and a price then. A row that is otherwise is told in the answer, and costs the others nothing. */
    ImportRow: {
      /** @description The stock keeping unit: unique in the store, or in the head catalog. */
      sku: string;
      /** @description One line of text. */
      name?: string;
      /** @description Text of one or more lines. */
      description?: string | null;
      /** @description One line of text. */
      category?: string | null;
      /** @description Lines of text, none of them twice. */
      tags?: string[] | null;
      /** @description What one piece costs. */
      price?: {
        amount?: number;
        currency?: components["schemas"]["Currency"];
      };
      /** @description How many pieces there are. */
      stock?: number | null;
      /** @description Whether it is offered (`active`) or not yet (`draft`). */
      status?: ("draft" | "active") | null;
      /** @description More about it: at most 100 texts by name. No name has a dot, a control character, or a dollar sign in front. */
      attributes?: ({
        [key: string]: string | null;
      }) | null;
    };
    /** @description The rows of a file. */
    ImportRows: components["schemas"]["ImportRow"][];
    /** @description What was taken into the archive. */
    Ingested: {
      /** @description The ids of the records, in the order in which they were sent. */
      archived: components["schemas"]["Id"][];
    };
    /**
     * Format: date-time
     * @description A moment in UTC (RFC 3339).
     */
    Instant: string;
    /** @description More pieces would leave the stock than there are. `stock` says how many there are. */
    InsufficientStockProblem: {
      /**
       * @description The kind of problem, for programs.
       * @constant
       */
      type: "urn:manystore:problem:insufficient-stock";
      /**
       * @description The kind of problem, for people.
       * @constant
       */
      title: "Insufficient stock";
      /**
       * @description The status of the answer.
       * @constant
       */
      status: 409;
      /** @description What happened this time. */
      detail: string;
      /** @description The id of the request, as a URN; it is in `X-Request-Id` as well. */
      instance: string;
      /** @description The faults of the request, each where it stands. */
      errors?: components["schemas"]["Fault"][];
      stock: number;
    };
    /** @description Something went wrong that is not the caller’s doing. The id of the request helps to find out what. */
    InternalErrorProblem: {
      /**
       * @description The kind of problem, for programs.
       * @constant
       */
      type: "urn:manystore:problem:internal-error";
      /**
       * @description The kind of problem, for people.
       * @constant
       */
      title: "Internal error";
      /**
       * @description The status of the answer.
       * @constant
       */
      status: 500;
      /** @description What happened this time. */
      detail: string;
      /** @description The id of the request, as a URN; it is in `X-Request-Id` as well. */
      instance: string;
      /** @description The faults of the request, each where it stands. */
      errors?: components["schemas"]["Fault"][];
    };
    /** @description The request is malformed, or not as the operation takes it: `errors` says where. Nothing was looked up or changed. */
    InvalidRequestProblem: {
      /**
       * @description The kind of problem, for programs.
       * @constant
       */
      type: "urn:manystore:problem:invalid-request";
      /**
       * @description The kind of problem, for people.
       * @constant
       */
      title: "Invalid request";
      /**
       * @description The status of the answer.
       * @constant
       */
      status: 400;
      /** @description What happened this time. */
      detail: string;
      /** @description The id of the request, as a URN; it is in `X-Request-Id` as well. */
      instance: string;
      /** @description The faults of the request, each where it stands. */
      errors?: components["schemas"]["Fault"][];
    };
    /** @description The `Idempotency-Key` was used for another request. */
    KeyReusedProblem: {
      /**
       * @description The kind of problem, for programs.
       * @constant
       */
      type: "urn:manystore:problem:idempotency-key-reused";
      /**
       * @description The kind of problem, for people.
       * @constant
       */
      title: "Idempotency-Key reused";
      /**
       * @description The status of the answer.
       * @constant
       */
      status: 422;
      /** @description What happened this time. */
      detail: string;
      /** @description The id of the request, as a URN; it is in `X-Request-Id` as well. */
      instance: string;
      /** @description The faults of the request, each where it stands. */
      errors?: components["schemas"]["Fault"][];
    };
    /** @description An amount of money. */
    Money: {
      /** @description In the minor unit of the currency: 1999 of USD are 19.99 dollars. */
      amount: number;
      /** @description An ISO 4217 code. */
      currency: components["schemas"]["Currency"];
    };
    /** @description There is no such resource, or none that the token lets its bearer see: the two answers are the same. */
    NotFoundProblem: {
      /**
       * @description The kind of problem, for programs.
       * @constant
       */
      type: "urn:manystore:problem:not-found";
      /**
       * @description The kind of problem, for people.
       * @constant
       */
      title: "Not found";
      /**
       * @description The status of the answer.
       * @constant
       */
      status: 404;
      /** @description What happened this time. */
      detail: string;
      /** @description The id of the request, as a URN; it is in `X-Request-Id` as well. */
      instance: string;
      /** @description The faults of the request, each where it stands. */
      errors?: components["schemas"]["Fault"][];
    };
    /** @description A record of any shape, with one member at least: at most 50 levels deep and 1,000,000 characters long. No member is called `_archive` or `_bsontype`. */
    OldRecord: {
      [key: string]: unknown;
    };
    /** @description A record, or a list of records. */
    OldRecords: components["schemas"]["OldRecord"] | components["schemas"]["OldRecord"][];
    /** @description What both servers say of themselves. */
    Overview: {
      /** @description The stores by status, and the products of the head catalog, which is an estimate; or why they are missing. */
      primary: OneOf<[{
        /** @constant */
        status: "answered";
        ms: number;
        stores: {
          total: number;
          active: number;
          suspended: number;
          closing: number;
          closed: number;
        };
        headProducts: number;
      }, {
        /** @constant */
        status: "missing";
        ms: number;
        reason: string;
      }]>;
      /** @description The products of the mirror, which is an estimate, and the archived ones by where they came from; or why they are missing. */
      secondary: OneOf<[{
        /** @constant */
        status: "answered";
        ms: number;
        mirrorProducts: number;
        archived: {
          catalog: number;
          ingest: number;
        };
      }, {
        /** @constant */
        status: "missing";
        ms: number;
        reason: string;
      }]>;
      /** @description The servers that did not answer. */
      missing: ("primary" | "secondary")[];
    };
    /** @description A product of the head catalog or of a store. */
    Product: {
      /** @description The id that it was given, which it keeps in the archive and when it is restored. */
      id: components["schemas"]["Id"];
      /** @description The stock keeping unit: unique in the store, or in the head catalog. */
      sku: string;
      /** @description One line of text. */
      name: string;
      /** @description Text of one or more lines. */
      description?: string;
      /** @description One line of text. */
      category?: string;
      /** @description Lines of text, none of them twice. */
      tags: string[];
      /** @description What one piece costs. */
      price: components["schemas"]["Money"];
      /** @description How many pieces there are. */
      stock: number;
      /**
       * @description Whether it is offered (`active`) or not yet (`draft`).
       * @enum {string}
       */
      status: "draft" | "active";
      /** @description More about it: at most 100 texts by name. No name has a dot, a control character, or a dollar sign in front. */
      attributes: {
        [key: string]: string;
      };
      /** @description The store that it belongs to; absent in the head catalog. */
      store?: {
        id: components["schemas"]["StoreId"];
        name: string;
      };
      /** @description Counts the changes from 1. It is the ETag of the product. */
      version: number;
      /** @description When it was made. */
      createdAt: components["schemas"]["Instant"];
      /** @description When it was last changed. */
      updatedAt: components["schemas"]["Instant"];
    };
    /** @description A product as a caller writes it. */
    ProductInput: {
      /** @description The stock keeping unit: unique in the store, or in the head catalog. */
      sku: string;
      /** @description One line of text. */
      name: string;
      /** @description Text of one or more lines. */
      description?: string;
      /** @description One line of text. */
      category?: string;
      /**
       * @description Lines of text, none of them twice.
       * @default []
       */
      tags?: string[];
      /** @description What one piece costs. */
      price: components["schemas"]["Money"];
      /**
       * @description How many pieces there are.
       * @default 0
       */
      stock?: number;
      /**
       * @description Whether it is offered (`active`) or not yet (`draft`).
       * @default active
       * @enum {string}
       */
      status?: "draft" | "active";
      /**
       * @description More about it: at most 100 texts by name. No name has a dot, a control character, or a dollar sign in front.
       * @default {}
       */
      attributes?: {
        [key: string]: string;
      };
    };
    /** @description A page of a list: products, in the order of `sort`. */
    ProductPage: {
      /** @description As many as `limit` says, or fewer where they are large. */
      items: components["schemas"]["Product"][];
      /** @description The `cursor` of the page after this one; null on the last page. */
      next: string | null;
    };
    /** @description A JSON merge patch (RFC 7396) of a product: null removes what a product can be without. */
    ProductPatch: {
      /** @description The stock keeping unit: unique in the store, or in the head catalog. */
      sku?: string;
      /** @description One line of text. */
      name?: string;
      /** @description Text of one or more lines. */
      description?: string | null;
      /** @description One line of text. */
      category?: string | null;
      /** @description Lines of text, none of them twice. */
      tags?: string[] | null;
      /** @description What one piece costs. */
      price?: {
        amount?: number;
        currency?: components["schemas"]["Currency"];
      };
      /** @description How many pieces there are. */
      stock?: number;
      /**
       * @description Whether it is offered (`active`) or not yet (`draft`).
       * @enum {string}
       */
      status?: "draft" | "active";
      /** @description More about it: at most 100 texts by name. No name has a dot, a control character, or a dollar sign in front. */
      attributes?: ({
        [key: string]: string | null;
      }) | null;
    };
    /** @description What became of a product in each store. */
    Publication: {
      /** @description A result for each store, in the order that was asked for. */
      results: components["schemas"]["PublicationResult"][];
    };
    /** @description Where a product is to be published. */
    PublicationInput: {
      /** @description The ids of stores; or `*`, which is every active one that the token covers. */
      stores: "*" | components["schemas"]["StoreId"][];
    };
    /** @description What became of a product in a store. */
    PublicationResult: {
      /** @description The id of the store. */
      store: components["schemas"]["StoreId"];
      /**
       * @description What was done there. A store that `failed` does not hinder the others.
       * @enum {string}
       */
      result: "created" | "updated" | "unchanged" | "failed";
      /** @description Why it failed. */
      reason?: string;
    };
    /** @description A JSON merge patch (RFC 7396) that makes a product of an old record: null removes a member. What comes of it must be as ProductInput has it. */
    RestorationPatch: {
      [key: string]: unknown;
    };
    /** @description A page of a list: products of all stores, as the mirror has them. */
    SearchPage: {
      /** @description As many as `limit` says, or fewer where they are large. */
      items: components["schemas"]["Product"][];
      /** @description The `cursor` of the page after this one; null on the last page. */
      next: string | null;
      /** @description How old the mirror is at most; null when nothing was mirrored yet. */
      asOf: components["schemas"]["Instant"] | null;
    };
    /** @description `If-Match` names another version than the current one, whose tag is in `ETag`. */
    StaleTagProblem: {
      /**
       * @description The kind of problem, for programs.
       * @constant
       */
      type: "urn:manystore:problem:stale-tag";
      /**
       * @description The kind of problem, for people.
       * @constant
       */
      title: "Precondition failed";
      /**
       * @description The status of the answer.
       * @constant
       */
      status: 412;
      /** @description What happened this time. */
      detail: string;
      /** @description The id of the request, as a URN; it is in `X-Request-Id` as well. */
      instance: string;
      /** @description The faults of the request, each where it stands. */
      errors?: components["schemas"]["Fault"][];
    };
    /** @description A request with the same `Idempotency-Key` is running, or was cut off a moment ago. */
    StillRunningProblem: {
      /**
       * @description The kind of problem, for programs.
       * @constant
       */
      type: "urn:manystore:problem:still-running";
      /**
       * @description The kind of problem, for people.
       * @constant
       */
      title: "Request still running";
      /**
       * @description The status of the answer.
       * @constant
       */
      status: 409;
      /** @description What happened this time. */
      detail: string;
      /** @description The id of the request, as a URN; it is in `X-Request-Id` as well. */
      instance: string;
      /** @description The faults of the request, each where it stands. */
      errors?: components["schemas"]["Fault"][];
    };
    /** @description By how much a stock changes. */
    StockAdjustment: {
      /** @description Pieces that come; below zero, pieces that go. It is not 0. */
      by: number;
    };
    /** @description More pieces would come than a stock can hold. `stock` says how many there are already. */
    StockTooLargeProblem: {
      /**
       * @description The kind of problem, for programs.
       * @constant
       */
      type: "urn:manystore:problem:stock-too-large";
      /**
       * @description The kind of problem, for people.
       * @constant
       */
      title: "Stock too large";
      /**
       * @description The status of the answer.
       * @constant
       */
      status: 409;
      /** @description What happened this time. */
      detail: string;
      /** @description The id of the request, as a URN; it is in `X-Request-Id` as well. */
      instance: string;
      /** @description The faults of the request, each where it stands. */
      errors?: components["schemas"]["Fault"][];
      stock: number;
    };
    /** @description A store, which has a database of its own. */
    Store: {
      /** @description The id that it was opened with. */
      id: components["schemas"]["StoreId"];
      /** @description What people call the store: one line of text. */
      name: string;
      /** @description The currency of the store, by its ISO 4217 code. */
      currency: components["schemas"]["Currency"];
      /**
       * @description Products are changed while it is `active`, and read until it is `closed`. A `closing` store does not come back.
       * @enum {string}
       */
      status: "active" | "suspended" | "closing" | "closed";
      /** @description Counts the changes from 1. It is the ETag of the store. */
      version: number;
      /** @description When it was opened. */
      createdAt: components["schemas"]["Instant"];
      /** @description When it was last changed. */
      updatedAt: components["schemas"]["Instant"];
    };
    /** @description How far the closing of a store is. */
    StoreClosing: {
      /**
       * @description `closing` as long as there is more to do, then `closed`.
       * @enum {string}
       */
      status: "closing" | "closed";
      /** @description Products that are in the archive since it began. */
      archived: number;
      /** @description Products that are still in the store. */
      remaining: number;
    };
    /** @description The figures of a store. */
    StoreFigures: {
      /** @description The store. */
      store: {
        id: components["schemas"]["StoreId"];
        name: string;
        currency: components["schemas"]["Currency"];
        /** @enum {string} */
        status: "active" | "suspended" | "closing" | "closed";
      };
      /** @description How many products there are. */
      products: number;
      /** @description How many pieces there are of all of them. */
      units: number;
      /** @description What the pieces are worth, in minor units, by currency. */
      value: {
          currency: components["schemas"]["Currency"];
          amount: number;
        }[];
      /** @description Products of which few pieces are left. */
      lowStock: number;
      /** @description As of when the figures are. Until the first sync of a store has ended it is null, and they are those of what is mirrored so far. */
      syncedAt: components["schemas"]["Instant"] | null;
    };
    /** @description A page of a list: the figures of stores, by id. */
    StoreFiguresPage: {
      /** @description As many as `limit` says, or fewer where they are large. */
      items: components["schemas"]["StoreFigures"][];
      /** @description The `cursor` of the page after this one; null on the last page. */
      next: string | null;
    };
    /** @description The id of a store: lower-case letters, digits and hyphens, with no hyphen at its ends. */
    StoreId: string;
    /** @description A store as a caller opens it. */
    StoreInput: {
      /** @description A name of the caller’s choosing, for ever: the id of a closed store is not given out again. */
      id: components["schemas"]["StoreId"];
      /** @description What people call the store: one line of text. */
      name: string;
      /** @description The currency of the store, by its ISO 4217 code. */
      currency: components["schemas"]["Currency"];
    };
    /** @description The store takes no changes: it is suspended, closing or closed. */
    StoreNotWritableProblem: {
      /**
       * @description The kind of problem, for programs.
       * @constant
       */
      type: "urn:manystore:problem:store-not-writable";
      /**
       * @description The kind of problem, for people.
       * @constant
       */
      title: "Store not writable";
      /**
       * @description The status of the answer.
       * @constant
       */
      status: 409;
      /** @description What happened this time. */
      detail: string;
      /** @description The id of the request, as a URN; it is in `X-Request-Id` as well. */
      instance: string;
      /** @description The faults of the request, each where it stands. */
      errors?: components["schemas"]["Fault"][];
    };
    /** @description A page of a list: stores, by id. */
    StorePage: {
      /** @description As many as `limit` says, or fewer where they are large. */
      items: components["schemas"]["Store"][];
      /** @description The `cursor` of the page after this one; null on the last page. */
      next: string | null;
    };
    /** @description A JSON merge patch (RFC 7396) of a store. */
    StorePatch: {
      /** @description What people call the store: one line of text. */
      name?: string;
      /**
       * @description `suspended` refuses every change of its products; `active` allows them again.
       * @enum {string}
       */
      status?: "active" | "suspended";
    };
    /** @description Pieces that have moved from one store to another. */
    Transfer: {
      /** @description The id of the transfer. */
      id: components["schemas"]["Id"];
      /** @description The id of the store that gives the pieces away. */
      from: components["schemas"]["StoreId"];
      /** @description The id of the store that gets them. */
      to: components["schemas"]["StoreId"];
      /** @description The SKU that the product has in both stores. */
      sku: string;
      /** @description How many pieces move. */
      quantity: number;
      /** @description When they moved. */
      createdAt: components["schemas"]["Instant"];
    };
    /** @description Pieces that are to move. */
    TransferInput: {
      /** @description The id of the store that gives the pieces away. */
      from: components["schemas"]["StoreId"];
      /** @description The id of the store that gets them. */
      to: components["schemas"]["StoreId"];
      /** @description The SKU that the product has in both stores. */
      sku: string;
      /** @description How many pieces move. */
      quantity: number;
    };
    /** @description There is no valid access token. API Gateway answers this itself, with a message that is no problem document. */
    UnauthorizedProblem: {
      /**
       * @description The kind of problem, for programs.
       * @constant
       */
      type: "urn:manystore:problem:unauthorized";
      /**
       * @description The kind of problem, for people.
       * @constant
       */
      title: "Unauthorized";
      /**
       * @description The status of the answer.
       * @constant
       */
      status: 401;
      /** @description What happened this time. */
      detail: string;
      /** @description The id of the request, as a URN; it is in `X-Request-Id` as well. */
      instance: string;
      /** @description The faults of the request, each where it stands. */
      errors?: components["schemas"]["Fault"][];
    };
    /** @description A server that the operation needs is away, or the time was up. The same request may succeed later. */
    UnavailableProblem: {
      /**
       * @description The kind of problem, for programs.
       * @constant
       */
      type: "urn:manystore:problem:unavailable";
      /**
       * @description The kind of problem, for people.
       * @constant
       */
      title: "Service unavailable";
      /**
       * @description The status of the answer.
       * @constant
       */
      status: 503;
      /** @description What happened this time. */
      detail: string;
      /** @description The id of the request, as a URN; it is in `X-Request-Id` as well. */
      instance: string;
      /** @description The faults of the request, each where it stands. */
      errors?: components["schemas"]["Fault"][];
      connections?: {
        primary: components["schemas"]["Connection"];
        secondary: components["schemas"]["Connection"];
      };
      primary?: OneOf<[{
        /** @constant */
        status: "answered";
        ms: number;
        stores: {
          total: number;
          active: number;
          suspended: number;
          closing: number;
          closed: number;
        };
        headProducts: number;
      }, {
        /** @constant */
        status: "missing";
        ms: number;
        reason: string;
      }]>;
      secondary?: OneOf<[{
        /** @constant */
        status: "answered";
        ms: number;
        mirrorProducts: number;
        archived: {
          catalog: number;
          ingest: number;
        };
      }, {
        /** @constant */
        status: "missing";
        ms: number;
        reason: string;
      }]>;
      missing?: ("primary" | "secondary")[];
    };
    /** @description The body has no content type, one that the operation does not read, another charset than UTF-8, or a content encoding. */
    UnsupportedMediaTypeProblem: {
      /**
       * @description The kind of problem, for programs.
       * @constant
       */
      type: "urn:manystore:problem:unsupported-media-type";
      /**
       * @description The kind of problem, for people.
       * @constant
       */
      title: "Unsupported media type";
      /**
       * @description The status of the answer.
       * @constant
       */
      status: 415;
      /** @description What happened this time. */
      detail: string;
      /** @description The id of the request, as a URN; it is in `X-Request-Id` as well. */
      instance: string;
      /** @description The faults of the request, each where it stands. */
      errors?: components["schemas"]["Fault"][];
    };
  };
  responses: {
    /** @description The body has more bytes than the operation takes. */
    ContentTooLarge: {
      headers: {
        "X-Request-Id": components["headers"]["XRequestId"];
      };
      content: {
        "application/problem+json": components["schemas"]["ContentTooLargeProblem"];
      };
    };
    /** @description A unique key is taken, which `key` names: the SKU of a product, or the id of a store. */
    DuplicateKey: {
      headers: {
        "X-Request-Id": components["headers"]["XRequestId"];
      };
      content: {
        "application/problem+json": components["schemas"]["DuplicateKeyProblem"];
      };
    };
    /** @description The token has not the scope of the operation, or does not cover what it would change. */
    Forbidden: {
      headers: {
        "X-Request-Id": components["headers"]["XRequestId"];
      };
      content: {
        "application/problem+json": components["schemas"]["ForbiddenProblem"];
        "application/json": components["schemas"]["GatewayMessage"];
      };
    };
    /** @description Something went wrong that is not the caller’s doing. The id of the request helps to find out what. */
    InternalError: {
      headers: {
        "X-Request-Id": components["headers"]["XRequestId"];
      };
      content: {
        "application/problem+json": components["schemas"]["InternalErrorProblem"];
        "application/json": components["schemas"]["GatewayMessage"];
      };
    };
    /** @description The request is malformed, or not as the operation takes it: `errors` says where. Nothing was looked up or changed. */
    InvalidRequest: {
      headers: {
        "X-Request-Id": components["headers"]["XRequestId"];
      };
      content: {
        "application/problem+json": components["schemas"]["InvalidRequestProblem"];
      };
    };
    /** @description The `Idempotency-Key` was used for another request. */
    KeyReused: {
      headers: {
        "X-Request-Id": components["headers"]["XRequestId"];
      };
      content: {
        "application/problem+json": components["schemas"]["KeyReusedProblem"];
      };
    };
    /** @description There is no such resource, or none that the token lets its bearer see: the two answers are the same. */
    NotFound: {
      headers: {
        "X-Request-Id": components["headers"]["XRequestId"];
      };
      content: {
        "application/problem+json": components["schemas"]["NotFoundProblem"];
      };
    };
    /** @description `If-Match` names another version than the current one, whose tag is in `ETag`. */
    StaleTag: {
      headers: {
        "X-Request-Id": components["headers"]["XRequestId"];
        ETag: components["headers"]["ETag"];
      };
      content: {
        "application/problem+json": components["schemas"]["StaleTagProblem"];
      };
    };
    /** @description A request with the same `Idempotency-Key` is running, or was cut off a moment ago. */
    StillRunning: {
      headers: {
        "X-Request-Id": components["headers"]["XRequestId"];
        "Retry-After": components["headers"]["RetryAfter"];
      };
      content: {
        "application/problem+json": components["schemas"]["StillRunningProblem"];
      };
    };
    /** @description The store takes no changes: it is suspended, closing or closed. */
    StoreNotWritable: {
      headers: {
        "X-Request-Id": components["headers"]["XRequestId"];
      };
      content: {
        "application/problem+json": components["schemas"]["StoreNotWritableProblem"];
      };
    };
    /** @description There is no valid access token. API Gateway answers this itself, with a message that is no problem document. */
    Unauthorized: {
      headers: {
        "X-Request-Id": components["headers"]["XRequestId"];
        "WWW-Authenticate": components["headers"]["WWWAuthenticate"];
      };
      content: {
        "application/problem+json": components["schemas"]["UnauthorizedProblem"];
        "application/json": components["schemas"]["GatewayMessage"];
      };
    };
    /** @description A server that the operation needs is away, or the time was up. The same request may succeed later. */
    Unavailable: {
      headers: {
        "X-Request-Id": components["headers"]["XRequestId"];
        "Retry-After": components["headers"]["RetryAfter"];
      };
      content: {
        "application/problem+json": components["schemas"]["UnavailableProblem"];
        "application/json": components["schemas"]["GatewayMessage"];
      };
    };
    /** @description The body has no content type, one that the operation does not read, another charset than UTF-8, or a content encoding. */
    UnsupportedMediaType: {
      headers: {
        "X-Request-Id": components["headers"]["XRequestId"];
        "Accept-Encoding": components["headers"]["AcceptEncoding"];
      };
      content: {
        "application/problem+json": components["schemas"]["UnsupportedMediaTypeProblem"];
      };
    };
    /** @description All callers together ask for more than the service allows. API Gateway answers this. */
    TooManyRequests: {
      content: {
        "application/json": components["schemas"]["GatewayMessage"];
      };
    };
  };
  parameters: never;
  requestBodies: never;
  headers: {
    /**
     * @description The encoding that a body may have: none.
     * @example identity
     */
    AcceptEncoding: string;
    /**
     * @description How long the answer may be kept, and by whom.
     * @example public, max-age=300
     */
    CacheControl: string;
    /**
     * @description The name of the file.
     * @example attachment; filename="acme-products.csv"
     */
    ContentDisposition: string;
    /**
     * @description There when the answer is compressed.
     * @example gzip
     */
    ContentEncoding: string;
    /**
     * @description What a browser may load for the page.
     * @example default-src 'none'; script-src 'self'
     */
    ContentSecurityPolicy: string;
    /**
     * @description The entity tag of the current version, for `If-Match` and `If-None-Match`.
     * @example "4"
     */
    ETag: string;
    /**
     * @description Where the next page is (RFC 8288). Absent on the last page.
     * @example </stores?limit=20&cursor=eyJ2IjoxfQ>; rel="next"
     */
    Link: string;
    /**
     * @description Where what was made is.
     * @example /stores/acme
     */
    Location: string;
    /**
     * @description In how many seconds to try again.
     * @example 2
     */
    RetryAfter: string;
    /**
     * @description The header of the request that decides on the form of the answer.
     * @example accept
     */
    Vary: string;
    /**
     * @description How to authenticate (RFC 6750).
     * @example Bearer
     */
    WWWAuthenticate: string;
    /**
     * @description The id of the request, as it is in the log.
     * @example 0b8d6f0e-3c5e-4b7f-9a51-3f6f0e2d7c11
     */
    XRequestId: string;
  };
  pathItems: never;
}

export type $defs = Record<string, never>;

export type external = Record<string, never>;

export interface operations {

  /**
   * Lists the stores, by id.
   * @description The token needs the scope `stores:read`.
   */
  "list-stores": {
    parameters: {
      query?: {
        /**
         * @description How many items a page has at most.
         * @example 20
         */
        limit?: number;
        /** @description Where the page begins: `next` of the page before, with the same filters and order. Without it, it is the first page. */
        cursor?: string;
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          "X-Request-Id": components["headers"]["XRequestId"];
          Link: components["headers"]["Link"];
        };
        content: {
          "application/json": components["schemas"]["StorePage"];
        };
      };
      400: components["responses"]["InvalidRequest"];
      401: components["responses"]["Unauthorized"];
      403: components["responses"]["Forbidden"];
      429: components["responses"]["TooManyRequests"];
      500: components["responses"]["InternalError"];
      503: components["responses"]["Unavailable"];
    };
  };
  /**
   * Opens a store, with a database of its own.
   * @description The token needs the scope `stores:admin`.
   */
  "create-store": {
    parameters: {
      header?: {
        /** @description A name for this request, of the caller’s choosing. The same key with the same request gets the first answer again for 24 hours; with another request, it is refused. */
        "Idempotency-Key"?: string;
      };
    };
    /** @description At most 256 kB of UTF-8, without a content encoding. */
    requestBody: {
      content: {
        /**
         * @example {
         *   "id": "initech",
         *   "name": "Initech",
         *   "currency": "EUR"
         * }
         */
        "application/json": components["schemas"]["StoreInput"];
      };
    };
    responses: {
      /** @description Created. */
      201: {
        headers: {
          "X-Request-Id": components["headers"]["XRequestId"];
          ETag: components["headers"]["ETag"];
          Location: components["headers"]["Location"];
        };
        content: {
          "application/json": components["schemas"]["Store"];
        };
      };
      400: components["responses"]["InvalidRequest"];
      401: components["responses"]["Unauthorized"];
      403: components["responses"]["Forbidden"];
      /**
       * @description Duplicate key: A unique key is taken, which `key` names: the SKU of a product, or the id of a store.
       *
       * Store being opened: Another request opens a store of that id at the same time. Whether it succeeds is not known yet.
       *
       * Request still running: A request with the same `Idempotency-Key` is running, or was cut off a moment ago.
       */
      409: {
        headers: {
          "X-Request-Id": components["headers"]["XRequestId"];
          "Retry-After": components["headers"]["RetryAfter"];
        };
        content: {
          "application/problem+json": components["schemas"]["DuplicateKeyProblem"] | components["schemas"]["BeingOpenedProblem"] | components["schemas"]["StillRunningProblem"];
        };
      };
      413: components["responses"]["ContentTooLarge"];
      415: components["responses"]["UnsupportedMediaType"];
      422: components["responses"]["KeyReused"];
      429: components["responses"]["TooManyRequests"];
      500: components["responses"]["InternalError"];
      503: components["responses"]["Unavailable"];
    };
  };
  /**
   * Reads a store.
   * @description The token needs the scope `stores:read`.
   */
  "get-store": {
    parameters: {
      header?: {
        /** @description A list of ETags, or `*`. If the current one is among them, the answer is 304 and has no body. */
        "If-None-Match"?: string;
      };
      path: {
        /**
         * @description The id of the store.
         * @example acme
         */
        store: string;
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          "X-Request-Id": components["headers"]["XRequestId"];
          ETag: components["headers"]["ETag"];
        };
        content: {
          "application/json": components["schemas"]["Store"];
        };
      };
      /** @description The caller has the current version already. */
      304: {
        headers: {
          "X-Request-Id": components["headers"]["XRequestId"];
          ETag: components["headers"]["ETag"];
        };
        content: never;
      };
      400: components["responses"]["InvalidRequest"];
      401: components["responses"]["Unauthorized"];
      403: components["responses"]["Forbidden"];
      404: components["responses"]["NotFound"];
      429: components["responses"]["TooManyRequests"];
      500: components["responses"]["InternalError"];
      503: components["responses"]["Unavailable"];
    };
  };
  /**
   * Archives every product of a store, then drops its database: called again until it is closed.
   * @description The token needs the scope `stores:admin`.
   */
  "close-store": {
    parameters: {
      header?: {
        /** @description A list of ETags, or `*`. The change is made only if one of them is the current one; without the header, on whatever is there. */
        "If-Match"?: string;
      };
      path: {
        /**
         * @description The id of the store.
         * @example acme
         */
        store: string;
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          "X-Request-Id": components["headers"]["XRequestId"];
        };
        content: {
          "application/json": components["schemas"]["StoreClosing"];
        };
      };
      /** @description There is more to do: the same request goes on with it. */
      202: {
        headers: {
          "X-Request-Id": components["headers"]["XRequestId"];
          "Retry-After": components["headers"]["RetryAfter"];
        };
        content: {
          "application/json": components["schemas"]["StoreClosing"];
        };
      };
      400: components["responses"]["InvalidRequest"];
      401: components["responses"]["Unauthorized"];
      403: components["responses"]["Forbidden"];
      404: components["responses"]["NotFound"];
      412: components["responses"]["StaleTag"];
      429: components["responses"]["TooManyRequests"];
      500: components["responses"]["InternalError"];
      503: components["responses"]["Unavailable"];
    };
  };
  /**
   * Gives a store another name, suspends or resumes it, by a JSON merge patch.
   * @description The token needs the scope `stores:admin`.
   */
  "update-store": {
    parameters: {
      header?: {
        /** @description A list of ETags, or `*`. The change is made only if one of them is the current one; without the header, on whatever is there. */
        "If-Match"?: string;
      };
      path: {
        /**
         * @description The id of the store.
         * @example acme
         */
        store: string;
      };
    };
    /** @description At most 256 kB of UTF-8, without a content encoding. */
    requestBody: {
      content: {
        /**
         * @example {
         *   "name": "Acme Berlin"
         * }
         */
        "application/merge-patch+json": components["schemas"]["StorePatch"];
        /**
         * @example {
         *   "name": "Acme Berlin"
         * }
         */
        "application/json": components["schemas"]["StorePatch"];
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          "X-Request-Id": components["headers"]["XRequestId"];
          ETag: components["headers"]["ETag"];
        };
        content: {
          "application/json": components["schemas"]["Store"];
        };
      };
      400: components["responses"]["InvalidRequest"];
      401: components["responses"]["Unauthorized"];
      403: components["responses"]["Forbidden"];
      404: components["responses"]["NotFound"];
      409: components["responses"]["StoreNotWritable"];
      412: components["responses"]["StaleTag"];
      413: components["responses"]["ContentTooLarge"];
      415: components["responses"]["UnsupportedMediaType"];
      429: components["responses"]["TooManyRequests"];
      500: components["responses"]["InternalError"];
      503: components["responses"]["Unavailable"];
    };
  };
  /**
   * Lists, filters and searches the products of the head catalog or of a store.
   * @description About the head catalog. The token needs the scope `products:read`.
   */
  "list-products": {
    parameters: {
      query?: {
        /**
         * @description How many items a page has at most.
         * @example 20
         */
        limit?: number;
        /** @description Where the page begins: `next` of the page before, with the same filters and order. Without it, it is the first page. */
        cursor?: string;
        /**
         * @description Words: each of them begins one of the product’s SKU, name, category, tags or description, without case and accents.
         * @example lap
         */
        q?: string;
        /**
         * @description Only products of this category.
         * @example Electronics
         */
        category?: string;
        /** @description Only products with this tag. */
        tag?: string;
        /** @description Only products of this status. */
        status?: "draft" | "active";
        /** @description Only products of this price or above it, in the minor unit of their currency. */
        minPrice?: number;
        /** @description Only products of this price or below it, in the minor unit of their currency. */
        maxPrice?: number;
        /**
         * @description The order; with a hyphen in front, descending.
         * @example -price
         */
        sort?: "name" | "price" | "createdAt" | "updatedAt" | "-name" | "-price" | "-createdAt" | "-updatedAt";
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          "X-Request-Id": components["headers"]["XRequestId"];
          Link: components["headers"]["Link"];
        };
        content: {
          "application/json": components["schemas"]["ProductPage"];
        };
      };
      400: components["responses"]["InvalidRequest"];
      401: components["responses"]["Unauthorized"];
      403: components["responses"]["Forbidden"];
      429: components["responses"]["TooManyRequests"];
      500: components["responses"]["InternalError"];
      503: components["responses"]["Unavailable"];
    };
  };
  /**
   * Adds a product to the head catalog or to a store.
   * @description About the head catalog. The token needs the scope `products:write`.
   */
  "create-product": {
    parameters: {
      header?: {
        /**
         * @description A name for this request, of the caller’s choosing. The same key with the same request gets the first answer again for 24 hours; with another request, it is refused.
         * @example b4f6c1de-0a53-4d5c-9f0b-7c8f2f1f9a10
         */
        "Idempotency-Key"?: string;
      };
    };
    /** @description At most 256 kB of UTF-8, without a content encoding. */
    requestBody: {
      content: {
        /**
         * @example {
         *   "sku": "LAP-AIR",
         *   "name": "Laptop Air",
         *   "description": "Thin, light, and quiet.",
         *   "category": "Electronics",
         *   "tags": [
         *     "computer",
         *     "portable"
         *   ],
         *   "price": {
         *     "amount": 99900,
         *     "currency": "EUR"
         *   },
         *   "stock": 12,
         *   "status": "active",
         *   "attributes": {
         *     "color": "silver",
         *     "memory": "16 GB"
         *   }
         * }
         */
        "application/json": components["schemas"]["ProductInput"];
      };
    };
    responses: {
      /** @description Created. */
      201: {
        headers: {
          "X-Request-Id": components["headers"]["XRequestId"];
          ETag: components["headers"]["ETag"];
          Location: components["headers"]["Location"];
        };
        content: {
          "application/json": components["schemas"]["Product"];
        };
      };
      400: components["responses"]["InvalidRequest"];
      401: components["responses"]["Unauthorized"];
      403: components["responses"]["Forbidden"];
      /**
       * @description Duplicate key: A unique key is taken, which `key` names: the SKU of a product, or the id of a store.
       *
       * Request still running: A request with the same `Idempotency-Key` is running, or was cut off a moment ago.
       */
      409: {
        headers: {
          "X-Request-Id": components["headers"]["XRequestId"];
          "Retry-After": components["headers"]["RetryAfter"];
        };
        content: {
          "application/problem+json": components["schemas"]["DuplicateKeyProblem"] | components["schemas"]["StillRunningProblem"];
        };
      };
      413: components["responses"]["ContentTooLarge"];
      415: components["responses"]["UnsupportedMediaType"];
      422: components["responses"]["KeyReused"];
      429: components["responses"]["TooManyRequests"];
      500: components["responses"]["InternalError"];
      503: components["responses"]["Unavailable"];
    };
  };
  /**
   * Lists, filters and searches the products of the head catalog or of a store.
   * @description About a store. The token needs the scope `products:read`.
   */
  "list-products-in-store": {
    parameters: {
      query?: {
        /**
         * @description How many items a page has at most.
         * @example 20
         */
        limit?: number;
        /** @description Where the page begins: `next` of the page before, with the same filters and order. Without it, it is the first page. */
        cursor?: string;
        /**
         * @description Words: each of them begins one of the product’s SKU, name, category, tags or description, without case and accents.
         * @example lap
         */
        q?: string;
        /**
         * @description Only products of this category.
         * @example Electronics
         */
        category?: string;
        /** @description Only products with this tag. */
        tag?: string;
        /** @description Only products of this status. */
        status?: "draft" | "active";
        /** @description Only products of this price or above it, in the minor unit of their currency. */
        minPrice?: number;
        /** @description Only products of this price or below it, in the minor unit of their currency. */
        maxPrice?: number;
        /**
         * @description The order; with a hyphen in front, descending.
         * @example -price
         */
        sort?: "name" | "price" | "createdAt" | "updatedAt" | "-name" | "-price" | "-createdAt" | "-updatedAt";
      };
      path: {
        /**
         * @description The id of the store.
         * @example acme
         */
        store: string;
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          "X-Request-Id": components["headers"]["XRequestId"];
          Link: components["headers"]["Link"];
        };
        content: {
          "application/json": components["schemas"]["ProductPage"];
        };
      };
      400: components["responses"]["InvalidRequest"];
      401: components["responses"]["Unauthorized"];
      403: components["responses"]["Forbidden"];
      404: components["responses"]["NotFound"];
      429: components["responses"]["TooManyRequests"];
      500: components["responses"]["InternalError"];
      503: components["responses"]["Unavailable"];
    };
  };
  /**
   * Adds a product to the head catalog or to a store.
   * @description About a store. The token needs the scope `products:write`.
   */
  "create-product-in-store": {
    parameters: {
      header?: {
        /**
         * @description A name for this request, of the caller’s choosing. The same key with the same request gets the first answer again for 24 hours; with another request, it is refused.
         * @example b4f6c1de-0a53-4d5c-9f0b-7c8f2f1f9a10
         */
        "Idempotency-Key"?: string;
      };
      path: {
        /**
         * @description The id of the store.
         * @example acme
         */
        store: string;
      };
    };
    /** @description At most 256 kB of UTF-8, without a content encoding. */
    requestBody: {
      content: {
        /**
         * @example {
         *   "sku": "LAP-AIR",
         *   "name": "Laptop Air",
         *   "description": "Thin, light, and quiet.",
         *   "category": "Electronics",
         *   "tags": [
         *     "computer",
         *     "portable"
         *   ],
         *   "price": {
         *     "amount": 99900,
         *     "currency": "EUR"
         *   },
         *   "stock": 12,
         *   "status": "active",
         *   "attributes": {
         *     "color": "silver",
         *     "memory": "16 GB"
         *   }
         * }
         */
        "application/json": components["schemas"]["ProductInput"];
      };
    };
    responses: {
      /** @description Created. */
      201: {
        headers: {
          "X-Request-Id": components["headers"]["XRequestId"];
          ETag: components["headers"]["ETag"];
          Location: components["headers"]["Location"];
        };
        content: {
          "application/json": components["schemas"]["Product"];
        };
      };
      400: components["responses"]["InvalidRequest"];
      401: components["responses"]["Unauthorized"];
      403: components["responses"]["Forbidden"];
      404: components["responses"]["NotFound"];
      /**
       * @description Duplicate key: A unique key is taken, which `key` names: the SKU of a product, or the id of a store.
       *
       * Store not writable: The store takes no changes: it is suspended, closing or closed.
       *
       * Request still running: A request with the same `Idempotency-Key` is running, or was cut off a moment ago.
       */
      409: {
        headers: {
          "X-Request-Id": components["headers"]["XRequestId"];
          "Retry-After": components["headers"]["RetryAfter"];
        };
        content: {
          "application/problem+json": components["schemas"]["DuplicateKeyProblem"] | components["schemas"]["StoreNotWritableProblem"] | components["schemas"]["StillRunningProblem"];
        };
      };
      413: components["responses"]["ContentTooLarge"];
      415: components["responses"]["UnsupportedMediaType"];
      422: components["responses"]["KeyReused"];
      429: components["responses"]["TooManyRequests"];
      500: components["responses"]["InternalError"];
      503: components["responses"]["Unavailable"];
    };
  };
  /**
   * Reads a product of the head catalog or of a store.
   * @description About the head catalog. The token needs the scope `products:read`.
   */
  "get-product": {
    parameters: {
      header?: {
        /** @description A list of ETags, or `*`. If the current one is among them, the answer is 304 and has no body. */
        "If-None-Match"?: string;
      };
      path: {
        /**
         * @description The id of the product.
         * @example 6743f1c2a9b0c4d5e6f70801
         */
        product: string;
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          "X-Request-Id": components["headers"]["XRequestId"];
          ETag: components["headers"]["ETag"];
        };
        content: {
          "application/json": components["schemas"]["Product"];
        };
      };
      /** @description The caller has the current version already. */
      304: {
        headers: {
          "X-Request-Id": components["headers"]["XRequestId"];
          ETag: components["headers"]["ETag"];
        };
        content: never;
      };
      400: components["responses"]["InvalidRequest"];
      401: components["responses"]["Unauthorized"];
      403: components["responses"]["Forbidden"];
      404: components["responses"]["NotFound"];
      429: components["responses"]["TooManyRequests"];
      500: components["responses"]["InternalError"];
      503: components["responses"]["Unavailable"];
    };
  };
  /**
   * Moves a product to the archive on the secondary server.
   * @description About the head catalog. The token needs the scope `products:write`.
   */
  "archive-product": {
    parameters: {
      header?: {
        /** @description A list of ETags, or `*`. The change is made only if one of them is the current one; without the header, on whatever is there. */
        "If-Match"?: string;
      };
      path: {
        /**
         * @description The id of the product.
         * @example 6743f1c2a9b0c4d5e6f70801
         */
        product: string;
      };
    };
    responses: {
      /** @description Done. There is nothing to tell. */
      204: {
        headers: {
          "X-Request-Id": components["headers"]["XRequestId"];
        };
        content: never;
      };
      400: components["responses"]["InvalidRequest"];
      401: components["responses"]["Unauthorized"];
      403: components["responses"]["Forbidden"];
      404: components["responses"]["NotFound"];
      412: components["responses"]["StaleTag"];
      429: components["responses"]["TooManyRequests"];
      500: components["responses"]["InternalError"];
      503: components["responses"]["Unavailable"];
    };
  };
  /**
   * Changes a product by a JSON merge patch.
   * @description About the head catalog. The token needs the scope `products:write`.
   */
  "update-product": {
    parameters: {
      header?: {
        /**
         * @description A list of ETags, or `*`. The change is made only if one of them is the current one; without the header, on whatever is there.
         * @example "1"
         */
        "If-Match"?: string;
      };
      path: {
        /**
         * @description The id of the product.
         * @example 6743f1c2a9b0c4d5e6f70801
         */
        product: string;
      };
    };
    /** @description At most 256 kB of UTF-8, without a content encoding. */
    requestBody: {
      content: {
        /**
         * @example {
         *   "price": {
         *     "amount": 119900
         *   },
         *   "description": null
         * }
         */
        "application/merge-patch+json": components["schemas"]["ProductPatch"];
        /**
         * @example {
         *   "price": {
         *     "amount": 119900
         *   },
         *   "description": null
         * }
         */
        "application/json": components["schemas"]["ProductPatch"];
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          "X-Request-Id": components["headers"]["XRequestId"];
          ETag: components["headers"]["ETag"];
        };
        content: {
          "application/json": components["schemas"]["Product"];
        };
      };
      400: components["responses"]["InvalidRequest"];
      401: components["responses"]["Unauthorized"];
      403: components["responses"]["Forbidden"];
      404: components["responses"]["NotFound"];
      409: components["responses"]["DuplicateKey"];
      412: components["responses"]["StaleTag"];
      413: components["responses"]["ContentTooLarge"];
      415: components["responses"]["UnsupportedMediaType"];
      429: components["responses"]["TooManyRequests"];
      500: components["responses"]["InternalError"];
      503: components["responses"]["Unavailable"];
    };
  };
  /**
   * Reads a product of the head catalog or of a store.
   * @description About a store. The token needs the scope `products:read`.
   */
  "get-product-in-store": {
    parameters: {
      header?: {
        /** @description A list of ETags, or `*`. If the current one is among them, the answer is 304 and has no body. */
        "If-None-Match"?: string;
      };
      path: {
        /**
         * @description The id of the store.
         * @example acme
         */
        store: string;
        /**
         * @description The id of the product.
         * @example 6743f1c2a9b0c4d5e6f70801
         */
        product: string;
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          "X-Request-Id": components["headers"]["XRequestId"];
          ETag: components["headers"]["ETag"];
        };
        content: {
          "application/json": components["schemas"]["Product"];
        };
      };
      /** @description The caller has the current version already. */
      304: {
        headers: {
          "X-Request-Id": components["headers"]["XRequestId"];
          ETag: components["headers"]["ETag"];
        };
        content: never;
      };
      400: components["responses"]["InvalidRequest"];
      401: components["responses"]["Unauthorized"];
      403: components["responses"]["Forbidden"];
      404: components["responses"]["NotFound"];
      429: components["responses"]["TooManyRequests"];
      500: components["responses"]["InternalError"];
      503: components["responses"]["Unavailable"];
    };
  };
  /**
   * Moves a product to the archive on the secondary server.
   * @description About a store. The token needs the scope `products:write`.
   */
  "archive-product-in-store": {
    parameters: {
      header?: {
        /** @description A list of ETags, or `*`. The change is made only if one of them is the current one; without the header, on whatever is there. */
        "If-Match"?: string;
      };
      path: {
        /**
         * @description The id of the store.
         * @example acme
         */
        store: string;
        /**
         * @description The id of the product.
         * @example 6743f1c2a9b0c4d5e6f70801
         */
        product: string;
      };
    };
    responses: {
      /** @description Done. There is nothing to tell. */
      204: {
        headers: {
          "X-Request-Id": components["headers"]["XRequestId"];
        };
        content: never;
      };
      400: components["responses"]["InvalidRequest"];
      401: components["responses"]["Unauthorized"];
      403: components["responses"]["Forbidden"];
      404: components["responses"]["NotFound"];
      409: components["responses"]["StoreNotWritable"];
      412: components["responses"]["StaleTag"];
      429: components["responses"]["TooManyRequests"];
      500: components["responses"]["InternalError"];
      503: components["responses"]["Unavailable"];
    };
  };
  /**
   * Changes a product by a JSON merge patch.
   * @description About a store. The token needs the scope `products:write`.
   */
  "update-product-in-store": {
    parameters: {
      header?: {
        /**
         * @description A list of ETags, or `*`. The change is made only if one of them is the current one; without the header, on whatever is there.
         * @example "1"
         */
        "If-Match"?: string;
      };
      path: {
        /**
         * @description The id of the store.
         * @example acme
         */
        store: string;
        /**
         * @description The id of the product.
         * @example 6743f1c2a9b0c4d5e6f70801
         */
        product: string;
      };
    };
    /** @description At most 256 kB of UTF-8, without a content encoding. */
    requestBody: {
      content: {
        /**
         * @example {
         *   "price": {
         *     "amount": 119900
         *   },
         *   "description": null
         * }
         */
        "application/merge-patch+json": components["schemas"]["ProductPatch"];
        /**
         * @example {
         *   "price": {
         *     "amount": 119900
         *   },
         *   "description": null
         * }
         */
        "application/json": components["schemas"]["ProductPatch"];
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          "X-Request-Id": components["headers"]["XRequestId"];
          ETag: components["headers"]["ETag"];
        };
        content: {
          "application/json": components["schemas"]["Product"];
        };
      };
      400: components["responses"]["InvalidRequest"];
      401: components["responses"]["Unauthorized"];
      403: components["responses"]["Forbidden"];
      404: components["responses"]["NotFound"];
      /**
       * @description Duplicate key: A unique key is taken, which `key` names: the SKU of a product, or the id of a store.
       *
       * Store not writable: The store takes no changes: it is suspended, closing or closed.
       */
      409: {
        headers: {
          "X-Request-Id": components["headers"]["XRequestId"];
        };
        content: {
          "application/problem+json": components["schemas"]["DuplicateKeyProblem"] | components["schemas"]["StoreNotWritableProblem"];
        };
      };
      412: components["responses"]["StaleTag"];
      413: components["responses"]["ContentTooLarge"];
      415: components["responses"]["UnsupportedMediaType"];
      429: components["responses"]["TooManyRequests"];
      500: components["responses"]["InternalError"];
      503: components["responses"]["Unavailable"];
    };
  };
  /**
   * Copies a product of the head catalog into stores, or brings their copies up to date.
   * @description The token needs the scope `products:write`.
   */
  "publish-product": {
    parameters: {
      header?: {
        /** @description A name for this request, of the caller’s choosing. The same key with the same request gets the first answer again for 24 hours; with another request, it is refused. */
        "Idempotency-Key"?: string;
      };
      path: {
        /**
         * @description The id of the product.
         * @example 6743f1c2a9b0c4d5e6f70801
         */
        product: string;
      };
    };
    /** @description At most 256 kB of UTF-8, without a content encoding. */
    requestBody: {
      content: {
        "application/json": components["schemas"]["PublicationInput"];
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          "X-Request-Id": components["headers"]["XRequestId"];
        };
        content: {
          "application/json": components["schemas"]["Publication"];
        };
      };
      400: components["responses"]["InvalidRequest"];
      401: components["responses"]["Unauthorized"];
      403: components["responses"]["Forbidden"];
      404: components["responses"]["NotFound"];
      409: components["responses"]["StillRunning"];
      413: components["responses"]["ContentTooLarge"];
      415: components["responses"]["UnsupportedMediaType"];
      422: components["responses"]["KeyReused"];
      429: components["responses"]["TooManyRequests"];
      500: components["responses"]["InternalError"];
      503: components["responses"]["Unavailable"];
    };
  };
  /**
   * Adds pieces to a product's stock, or takes some away, never below zero.
   * @description The token needs the scope `stock:write`.
   */
  "adjust-stock": {
    parameters: {
      header?: {
        /** @description A name for this request, of the caller’s choosing. The same key with the same request gets the first answer again for 24 hours; with another request, it is refused. */
        "Idempotency-Key"?: string;
      };
      path: {
        /**
         * @description The id of the store.
         * @example acme
         */
        store: string;
        /**
         * @description The id of the product.
         * @example 6743f1c2a9b0c4d5e6f70801
         */
        product: string;
      };
    };
    /** @description At most 256 kB of UTF-8, without a content encoding. */
    requestBody: {
      content: {
        /**
         * @example {
         *   "by": -2
         * }
         */
        "application/json": components["schemas"]["StockAdjustment"];
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          "X-Request-Id": components["headers"]["XRequestId"];
          ETag: components["headers"]["ETag"];
        };
        content: {
          "application/json": components["schemas"]["Product"];
        };
      };
      400: components["responses"]["InvalidRequest"];
      401: components["responses"]["Unauthorized"];
      403: components["responses"]["Forbidden"];
      404: components["responses"]["NotFound"];
      /**
       * @description Store not writable: The store takes no changes: it is suspended, closing or closed.
       *
       * Insufficient stock: More pieces would leave the stock than there are. `stock` says how many there are.
       *
       * Stock too large: More pieces would come than a stock can hold. `stock` says how many there are already.
       *
       * Request still running: A request with the same `Idempotency-Key` is running, or was cut off a moment ago.
       */
      409: {
        headers: {
          "X-Request-Id": components["headers"]["XRequestId"];
          "Retry-After": components["headers"]["RetryAfter"];
        };
        content: {
          "application/problem+json": components["schemas"]["StoreNotWritableProblem"] | components["schemas"]["InsufficientStockProblem"] | components["schemas"]["StockTooLargeProblem"] | components["schemas"]["StillRunningProblem"];
        };
      };
      413: components["responses"]["ContentTooLarge"];
      415: components["responses"]["UnsupportedMediaType"];
      422: components["responses"]["KeyReused"];
      429: components["responses"]["TooManyRequests"];
      500: components["responses"]["InternalError"];
      503: components["responses"]["Unavailable"];
    };
  };
  /**
   * Moves pieces of a product from one store to another: all of them, or none.
   * @description The token needs the scope `stock:write`.
   */
  "transfer-stock": {
    parameters: {
      header?: {
        /** @description A name for this request, of the caller’s choosing. The same key with the same request gets the first answer again for 24 hours; with another request, it is refused. */
        "Idempotency-Key"?: string;
      };
    };
    /** @description At most 256 kB of UTF-8, without a content encoding. */
    requestBody: {
      content: {
        /**
         * @example {
         *   "from": "acme",
         *   "to": "globex",
         *   "sku": "LAP-PRO",
         *   "quantity": 3
         * }
         */
        "application/json": components["schemas"]["TransferInput"];
      };
    };
    responses: {
      /** @description Created. */
      201: {
        headers: {
          "X-Request-Id": components["headers"]["XRequestId"];
        };
        content: {
          "application/json": components["schemas"]["Transfer"];
        };
      };
      400: components["responses"]["InvalidRequest"];
      401: components["responses"]["Unauthorized"];
      403: components["responses"]["Forbidden"];
      404: components["responses"]["NotFound"];
      /**
       * @description Store not writable: The store takes no changes: it is suspended, closing or closed.
       *
       * Insufficient stock: More pieces would leave the stock than there are. `stock` says how many there are.
       *
       * Stock too large: More pieces would come than a stock can hold. `stock` says how many there are already.
       *
       * Request still running: A request with the same `Idempotency-Key` is running, or was cut off a moment ago.
       */
      409: {
        headers: {
          "X-Request-Id": components["headers"]["XRequestId"];
          "Retry-After": components["headers"]["RetryAfter"];
        };
        content: {
          "application/problem+json": components["schemas"]["StoreNotWritableProblem"] | components["schemas"]["InsufficientStockProblem"] | components["schemas"]["StockTooLargeProblem"] | components["schemas"]["StillRunningProblem"];
        };
      };
      413: components["responses"]["ContentTooLarge"];
      415: components["responses"]["UnsupportedMediaType"];
      422: components["responses"]["KeyReused"];
      429: components["responses"]["TooManyRequests"];
      500: components["responses"]["InternalError"];
      503: components["responses"]["Unavailable"];
    };
  };
  /**
   * Adds and changes products by SKU, from the rows of a file: JSON, NDJSON or CSV.
   * @description About the head catalog. The token needs the scope `products:write`.
   */
  "import-products": {
    parameters: {
      header?: {
        /** @description A name for this request, of the caller’s choosing. The same key with the same request gets the first answer again for 24 hours; with another request, it is refused. */
        "Idempotency-Key"?: string;
      };
    };
    /** @description At most 6000 kB of UTF-8, without a content encoding. */
    requestBody: {
      content: {
        /**
         * @example [
         *   {
         *     "sku": "CHAIR-01",
         *     "name": "Chair",
         *     "price": {
         *       "amount": 8900,
         *       "currency": "EUR"
         *     },
         *     "stock": 30
         *   },
         *   {
         *     "sku": "DESK-01",
         *     "category": "Furniture",
         *     "tags": null
         *   }
         * ]
         */
        "application/json": components["schemas"]["ImportRows"];
        /**
         * @example {"sku":"CHAIR-01","stock":28}
         * {"sku":"LAMP-01","name":"Lamp"}
         */
        "application/x-ndjson": string;
        /**
         * @example {"sku":"CHAIR-01","stock":28}
         * {"sku":"LAMP-01","name":"Lamp"}
         */
        "application/jsonl": string;
        /**
         * @example sku,name,tags,amount,currency,stock,attributes.color
         * DESK-01,Desk,office|wood,24900,EUR,7,oak
         */
        "text/csv": string;
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          "X-Request-Id": components["headers"]["XRequestId"];
        };
        content: {
          "application/json": components["schemas"]["ImportResult"];
        };
      };
      400: components["responses"]["InvalidRequest"];
      401: components["responses"]["Unauthorized"];
      403: components["responses"]["Forbidden"];
      409: components["responses"]["StillRunning"];
      413: components["responses"]["ContentTooLarge"];
      415: components["responses"]["UnsupportedMediaType"];
      422: components["responses"]["KeyReused"];
      429: components["responses"]["TooManyRequests"];
      500: components["responses"]["InternalError"];
      503: components["responses"]["Unavailable"];
    };
  };
  /**
   * Adds and changes products by SKU, from the rows of a file: JSON, NDJSON or CSV.
   * @description About a store. The token needs the scope `products:write`.
   */
  "import-products-in-store": {
    parameters: {
      header?: {
        /** @description A name for this request, of the caller’s choosing. The same key with the same request gets the first answer again for 24 hours; with another request, it is refused. */
        "Idempotency-Key"?: string;
      };
      path: {
        /**
         * @description The id of the store.
         * @example acme
         */
        store: string;
      };
    };
    /** @description At most 6000 kB of UTF-8, without a content encoding. */
    requestBody: {
      content: {
        /**
         * @example [
         *   {
         *     "sku": "CHAIR-01",
         *     "name": "Chair",
         *     "price": {
         *       "amount": 8900,
         *       "currency": "EUR"
         *     },
         *     "stock": 30
         *   },
         *   {
         *     "sku": "DESK-01",
         *     "category": "Furniture",
         *     "tags": null
         *   }
         * ]
         */
        "application/json": components["schemas"]["ImportRows"];
        /**
         * @example {"sku":"CHAIR-01","stock":28}
         * {"sku":"LAMP-01","name":"Lamp"}
         */
        "application/x-ndjson": string;
        /**
         * @example {"sku":"CHAIR-01","stock":28}
         * {"sku":"LAMP-01","name":"Lamp"}
         */
        "application/jsonl": string;
        /**
         * @example sku,name,tags,amount,currency,stock,attributes.color
         * DESK-01,Desk,office|wood,24900,EUR,7,oak
         */
        "text/csv": string;
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          "X-Request-Id": components["headers"]["XRequestId"];
        };
        content: {
          "application/json": components["schemas"]["ImportResult"];
        };
      };
      400: components["responses"]["InvalidRequest"];
      401: components["responses"]["Unauthorized"];
      403: components["responses"]["Forbidden"];
      404: components["responses"]["NotFound"];
      /**
       * @description Store not writable: The store takes no changes: it is suspended, closing or closed.
       *
       * Request still running: A request with the same `Idempotency-Key` is running, or was cut off a moment ago.
       */
      409: {
        headers: {
          "X-Request-Id": components["headers"]["XRequestId"];
          "Retry-After": components["headers"]["RetryAfter"];
        };
        content: {
          "application/problem+json": components["schemas"]["StoreNotWritableProblem"] | components["schemas"]["StillRunningProblem"];
        };
      };
      413: components["responses"]["ContentTooLarge"];
      415: components["responses"]["UnsupportedMediaType"];
      422: components["responses"]["KeyReused"];
      429: components["responses"]["TooManyRequests"];
      500: components["responses"]["InternalError"];
      503: components["responses"]["Unavailable"];
    };
  };
  /**
   * Gives the products as files that can be imported again: NDJSON or CSV, page by page.
   * @description About the head catalog. The token needs the scope `products:read`.
   */
  "export-products": {
    parameters: {
      query?: {
        /**
         * @description The format of the file. Without it, the header `Accept` decides, and else it is NDJSON.
         * @example csv
         */
        format?: "ndjson" | "csv";
        /** @description How many items a page has at most. */
        limit?: number;
        /** @description Where the page begins: `next` of the page before, with the same filters and order. Without it, it is the first page. */
        cursor?: string;
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          "X-Request-Id": components["headers"]["XRequestId"];
          "Content-Disposition": components["headers"]["ContentDisposition"];
          Link: components["headers"]["Link"];
          Vary: components["headers"]["Vary"];
        };
        content: {
          "application/x-ndjson": string;
          "text/csv": string;
        };
      };
      400: components["responses"]["InvalidRequest"];
      401: components["responses"]["Unauthorized"];
      403: components["responses"]["Forbidden"];
      429: components["responses"]["TooManyRequests"];
      500: components["responses"]["InternalError"];
      503: components["responses"]["Unavailable"];
    };
  };
  /**
   * Gives the products as files that can be imported again: NDJSON or CSV, page by page.
   * @description About a store. The token needs the scope `products:read`.
   */
  "export-products-in-store": {
    parameters: {
      query?: {
        /**
         * @description The format of the file. Without it, the header `Accept` decides, and else it is NDJSON.
         * @example csv
         */
        format?: "ndjson" | "csv";
        /** @description How many items a page has at most. */
        limit?: number;
        /** @description Where the page begins: `next` of the page before, with the same filters and order. Without it, it is the first page. */
        cursor?: string;
      };
      path: {
        /**
         * @description The id of the store.
         * @example acme
         */
        store: string;
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          "X-Request-Id": components["headers"]["XRequestId"];
          "Content-Disposition": components["headers"]["ContentDisposition"];
          Link: components["headers"]["Link"];
          Vary: components["headers"]["Vary"];
        };
        content: {
          "application/x-ndjson": string;
          "text/csv": string;
        };
      };
      400: components["responses"]["InvalidRequest"];
      401: components["responses"]["Unauthorized"];
      403: components["responses"]["Forbidden"];
      404: components["responses"]["NotFound"];
      429: components["responses"]["TooManyRequests"];
      500: components["responses"]["InternalError"];
      503: components["responses"]["Unavailable"];
    };
  };
  /**
   * Lists a store's retired products, the newest first.
   * @description The token needs the scope `products:read`.
   */
  "list-archive": {
    parameters: {
      query?: {
        /** @description How many items a page has at most. */
        limit?: number;
        /** @description Where the page begins: `next` of the page before, with the same filters and order. Without it, it is the first page. */
        cursor?: string;
      };
      path: {
        /**
         * @description The id of the store.
         * @example acme
         */
        store: string;
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          "X-Request-Id": components["headers"]["XRequestId"];
          Link: components["headers"]["Link"];
        };
        content: {
          "application/json": components["schemas"]["ArchivePage"];
        };
      };
      400: components["responses"]["InvalidRequest"];
      401: components["responses"]["Unauthorized"];
      403: components["responses"]["Forbidden"];
      404: components["responses"]["NotFound"];
      429: components["responses"]["TooManyRequests"];
      500: components["responses"]["InternalError"];
      503: components["responses"]["Unavailable"];
    };
  };
  /**
   * Takes old records of any shape into a store's archive.
   * @description The token needs the scope `archive:write`.
   */
  "ingest-archive": {
    parameters: {
      header?: {
        /** @description A name for this request, of the caller’s choosing. The same key with the same request gets the first answer again for 24 hours; with another request, it is refused. */
        "Idempotency-Key"?: string;
      };
      path: {
        /**
         * @description The id of the store.
         * @example acme
         */
        store: string;
      };
    };
    /** @description At most 6000 kB of UTF-8, without a content encoding. */
    requestBody: {
      content: {
        "application/json": components["schemas"]["OldRecords"];
      };
    };
    responses: {
      /** @description Created. */
      201: {
        headers: {
          "X-Request-Id": components["headers"]["XRequestId"];
          Location: components["headers"]["Location"];
        };
        content: {
          "application/json": components["schemas"]["Ingested"];
        };
      };
      400: components["responses"]["InvalidRequest"];
      401: components["responses"]["Unauthorized"];
      403: components["responses"]["Forbidden"];
      404: components["responses"]["NotFound"];
      /**
       * @description Store not writable: The store takes no changes: it is suspended, closing or closed.
       *
       * Request still running: A request with the same `Idempotency-Key` is running, or was cut off a moment ago.
       */
      409: {
        headers: {
          "X-Request-Id": components["headers"]["XRequestId"];
          "Retry-After": components["headers"]["RetryAfter"];
        };
        content: {
          "application/problem+json": components["schemas"]["StoreNotWritableProblem"] | components["schemas"]["StillRunningProblem"];
        };
      };
      413: components["responses"]["ContentTooLarge"];
      415: components["responses"]["UnsupportedMediaType"];
      422: components["responses"]["KeyReused"];
      429: components["responses"]["TooManyRequests"];
      500: components["responses"]["InternalError"];
      503: components["responses"]["Unavailable"];
    };
  };
  /**
   * Reads a retired product of a store, with every field that it had.
   * @description The token needs the scope `products:read`.
   */
  "get-archived-product": {
    parameters: {
      path: {
        /**
         * @description The id of the store.
         * @example acme
         */
        store: string;
        /**
         * @description The id of the product.
         * @example 6743f1c2a9b0c4d5e6f70802
         */
        product: string;
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          "X-Request-Id": components["headers"]["XRequestId"];
        };
        content: {
          "application/json": components["schemas"]["ArchivedProduct"];
        };
      };
      400: components["responses"]["InvalidRequest"];
      401: components["responses"]["Unauthorized"];
      403: components["responses"]["Forbidden"];
      404: components["responses"]["NotFound"];
      429: components["responses"]["TooManyRequests"];
      500: components["responses"]["InternalError"];
      503: components["responses"]["Unavailable"];
    };
  };
  /**
   * Brings a record of a store's archive back as a product, as today's schema has them.
   * @description The token needs the scope `products:write`.
   */
  "restore-product": {
    parameters: {
      header?: {
        /** @description A name for this request, of the caller’s choosing. The same key with the same request gets the first answer again for 24 hours; with another request, it is refused. */
        "Idempotency-Key"?: string;
      };
      path: {
        /**
         * @description The id of the store.
         * @example acme
         */
        store: string;
        /**
         * @description The id of the product.
         * @example 6743f1c2a9b0c4d5e6f70802
         */
        product: string;
      };
    };
    /** @description At most 256 kB of UTF-8, without a content encoding. */
    requestBody?: {
      content: {
        /**
         * @example {
         *   "sku": "WATCH-1",
         *   "price": {
         *     "amount": 19999,
         *     "currency": "EUR"
         *   },
         *   "extraField": null
         * }
         */
        "application/merge-patch+json": components["schemas"]["RestorationPatch"];
        /**
         * @example {
         *   "sku": "WATCH-1",
         *   "price": {
         *     "amount": 19999,
         *     "currency": "EUR"
         *   },
         *   "extraField": null
         * }
         */
        "application/json": components["schemas"]["RestorationPatch"];
      };
    };
    responses: {
      /** @description Created. */
      201: {
        headers: {
          "X-Request-Id": components["headers"]["XRequestId"];
          ETag: components["headers"]["ETag"];
          Location: components["headers"]["Location"];
        };
        content: {
          "application/json": components["schemas"]["Product"];
        };
      };
      400: components["responses"]["InvalidRequest"];
      401: components["responses"]["Unauthorized"];
      403: components["responses"]["Forbidden"];
      404: components["responses"]["NotFound"];
      /**
       * @description Duplicate key: A unique key is taken, which `key` names: the SKU of a product, or the id of a store.
       *
       * Store not writable: The store takes no changes: it is suspended, closing or closed.
       *
       * Request still running: A request with the same `Idempotency-Key` is running, or was cut off a moment ago.
       */
      409: {
        headers: {
          "X-Request-Id": components["headers"]["XRequestId"];
          "Retry-After": components["headers"]["RetryAfter"];
        };
        content: {
          "application/problem+json": components["schemas"]["DuplicateKeyProblem"] | components["schemas"]["StoreNotWritableProblem"] | components["schemas"]["StillRunningProblem"];
        };
      };
      413: components["responses"]["ContentTooLarge"];
      415: components["responses"]["UnsupportedMediaType"];
      /**
       * @description Record drifted: The record is not a product as today's schema has it: `errors` says why. Nothing was changed.
       *
       * Idempotency-Key reused: The `Idempotency-Key` was used for another request.
       */
      422: {
        headers: {
          "X-Request-Id": components["headers"]["XRequestId"];
        };
        content: {
          "application/problem+json": components["schemas"]["DriftedProblem"] | components["schemas"]["KeyReusedProblem"];
        };
      };
      429: components["responses"]["TooManyRequests"];
      500: components["responses"]["InternalError"];
      503: components["responses"]["Unavailable"];
    };
  };
  /**
   * Lists, filters and searches the products of all stores, as the mirror has them.
   * @description The token needs the scope `reports:read`.
   */
  "search-products": {
    parameters: {
      query?: {
        /** @description How many items a page has at most. */
        limit?: number;
        /** @description Where the page begins: `next` of the page before, with the same filters and order. Without it, it is the first page. */
        cursor?: string;
        /**
         * @description Words: each of them begins one of the product’s SKU, name, category, tags or description, without case and accents.
         * @example laptop
         */
        q?: string;
        /** @description Only products of this category. */
        category?: string;
        /** @description Only products with this tag. */
        tag?: string;
        /** @description Only products of this status. */
        status?: "draft" | "active";
        /** @description Only products of this price or above it, in the minor unit of their currency. */
        minPrice?: number;
        /**
         * @description Only products of this price or below it, in the minor unit of their currency.
         * @example 150000
         */
        maxPrice?: number;
        /** @description The order; with a hyphen in front, descending. */
        sort?: "name" | "price" | "createdAt" | "updatedAt" | "-name" | "-price" | "-createdAt" | "-updatedAt";
        /** @description Only what is of this store. */
        store?: string;
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          "X-Request-Id": components["headers"]["XRequestId"];
          Link: components["headers"]["Link"];
        };
        content: {
          "application/json": components["schemas"]["SearchPage"];
        };
      };
      400: components["responses"]["InvalidRequest"];
      401: components["responses"]["Unauthorized"];
      403: components["responses"]["Forbidden"];
      429: components["responses"]["TooManyRequests"];
      500: components["responses"]["InternalError"];
      503: components["responses"]["Unavailable"];
    };
  };
  /**
   * Asks both servers for their figures; one that is away is excused.
   * @description The token needs the scope `reports:read`.
   */
  "report-overview": {
    responses: {
      /** @description Done. */
      200: {
        headers: {
          "X-Request-Id": components["headers"]["XRequestId"];
        };
        content: {
          "application/json": components["schemas"]["Overview"];
        };
      };
      400: components["responses"]["InvalidRequest"];
      401: components["responses"]["Unauthorized"];
      403: components["responses"]["Forbidden"];
      429: components["responses"]["TooManyRequests"];
      500: components["responses"]["InternalError"];
      503: components["responses"]["Unavailable"];
    };
  };
  /**
   * Tells of each store how many products and units it has, their value, and what runs low.
   * @description The token needs the scope `reports:read`.
   */
  "report-stores": {
    parameters: {
      query?: {
        /** @description How many items a page has at most. */
        limit?: number;
        /** @description Where the page begins: `next` of the page before, with the same filters and order. Without it, it is the first page. */
        cursor?: string;
        /**
         * @description The stock at which, and below which, a product counts as low. It is 5 otherwise.
         * @example 5
         */
        lowStock?: number;
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          "X-Request-Id": components["headers"]["XRequestId"];
          Link: components["headers"]["Link"];
        };
        content: {
          "application/json": components["schemas"]["StoreFiguresPage"];
        };
      };
      400: components["responses"]["InvalidRequest"];
      401: components["responses"]["Unauthorized"];
      403: components["responses"]["Forbidden"];
      429: components["responses"]["TooManyRequests"];
      500: components["responses"]["InternalError"];
      503: components["responses"]["Unavailable"];
    };
  };
  /**
   * Lists a store's daily figures, the newest first; a closed store's too.
   * @description The token needs the scope `reports:read`.
   */
  "report-history": {
    parameters: {
      query?: {
        /** @description How many items a page has at most. */
        limit?: number;
        /** @description Where the page begins: `next` of the page before, with the same filters and order. Without it, it is the first page. */
        cursor?: string;
        /**
         * @description The first day, in UTC.
         * @example 2026-11-01
         */
        from?: string;
        /**
         * @description The last day, in UTC.
         * @example 2026-11-30
         */
        to?: string;
      };
      path: {
        /**
         * @description The id of the store.
         * @example acme
         */
        store: string;
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          "X-Request-Id": components["headers"]["XRequestId"];
          Link: components["headers"]["Link"];
        };
        content: {
          "application/json": components["schemas"]["DayFiguresPage"];
        };
      };
      400: components["responses"]["InvalidRequest"];
      401: components["responses"]["Unauthorized"];
      403: components["responses"]["Forbidden"];
      404: components["responses"]["NotFound"];
      429: components["responses"]["TooManyRequests"];
      500: components["responses"]["InternalError"];
      503: components["responses"]["Unavailable"];
    };
  };
  /**
   * Counts what archived records hold and the schema of a product does not know.
   * @description The token needs the scope `reports:read`.
   */
  "report-drift": {
    parameters: {
      query?: {
        /**
         * @description Only what is of this store.
         * @example acme
         */
        store?: string;
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          "X-Request-Id": components["headers"]["XRequestId"];
        };
        content: {
          "application/json": components["schemas"]["Drift"];
        };
      };
      400: components["responses"]["InvalidRequest"];
      401: components["responses"]["Unauthorized"];
      403: components["responses"]["Forbidden"];
      429: components["responses"]["TooManyRequests"];
      500: components["responses"]["InternalError"];
      503: components["responses"]["Unavailable"];
    };
  };
  /**
   * Pings each connection and times it.
   * @description It takes no token.
   */
  "get-health": {
    responses: {
      /** @description Done. */
      200: {
        headers: {
          "X-Request-Id": components["headers"]["XRequestId"];
        };
        content: {
          "application/json": components["schemas"]["Health"];
        };
      };
      400: components["responses"]["InvalidRequest"];
      429: components["responses"]["TooManyRequests"];
      500: components["responses"]["InternalError"];
      503: components["responses"]["Unavailable"];
    };
  };
  /**
   * Gives the document of this API, as OpenAPI 3.1 has it.
   * @description It takes no token.
   */
  "get-openapi": {
    parameters: {
      header?: {
        /** @description A list of ETags, or `*`. If the current one is among them, the answer is 304 and has no body. */
        "If-None-Match"?: string;
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          "X-Request-Id": components["headers"]["XRequestId"];
          "Cache-Control": components["headers"]["CacheControl"];
          "Content-Encoding": components["headers"]["ContentEncoding"];
          ETag: components["headers"]["ETag"];
          Vary: components["headers"]["Vary"];
        };
        content: {
          "application/json": components["schemas"]["ApiDocument"];
        };
      };
      /** @description The caller has the current version already. */
      304: {
        headers: {
          "X-Request-Id": components["headers"]["XRequestId"];
          "Cache-Control": components["headers"]["CacheControl"];
          ETag: components["headers"]["ETag"];
          Vary: components["headers"]["Vary"];
        };
        content: never;
      };
      400: components["responses"]["InvalidRequest"];
      429: components["responses"]["TooManyRequests"];
      500: components["responses"]["InternalError"];
      503: components["responses"]["Unavailable"];
    };
  };
  /**
   * Gives a page on which one reads the document of this API, and tries its operations.
   * @description It takes no token.
   */
  "get-docs": {
    parameters: {
      header?: {
        /** @description A list of ETags, or `*`. If the current one is among them, the answer is 304 and has no body. */
        "If-None-Match"?: string;
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          "X-Request-Id": components["headers"]["XRequestId"];
          "Cache-Control": components["headers"]["CacheControl"];
          "Content-Encoding": components["headers"]["ContentEncoding"];
          "Content-Security-Policy": components["headers"]["ContentSecurityPolicy"];
          ETag: components["headers"]["ETag"];
          Vary: components["headers"]["Vary"];
        };
        content: {
          "text/html": string;
          "text/css": string;
          "text/javascript": string;
          "image/svg+xml": string;
        };
      };
      /** @description The caller has the current version already. */
      304: {
        headers: {
          "X-Request-Id": components["headers"]["XRequestId"];
          "Cache-Control": components["headers"]["CacheControl"];
          "Content-Security-Policy": components["headers"]["ContentSecurityPolicy"];
          ETag: components["headers"]["ETag"];
          Vary: components["headers"]["Vary"];
        };
        content: never;
      };
      400: components["responses"]["InvalidRequest"];
      429: components["responses"]["TooManyRequests"];
      500: components["responses"]["InternalError"];
      503: components["responses"]["Unavailable"];
    };
  };
  /**
   * Gives a page on which one reads the document of this API, and tries its operations.
   * @description It takes no token.
   */
  "get-docs-asset": {
    parameters: {
      header?: {
        /** @description A list of ETags, or `*`. If the current one is among them, the answer is 304 and has no body. */
        "If-None-Match"?: string;
      };
      path: {
        /**
         * @description The name of a part of the page.
         * @example page.js
         */
        asset: "page.html" | "page.css" | "page.js" | "icon.svg" | "swagger-ui.css" | "swagger-ui-bundle.js";
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          "X-Request-Id": components["headers"]["XRequestId"];
          "Cache-Control": components["headers"]["CacheControl"];
          "Content-Encoding": components["headers"]["ContentEncoding"];
          "Content-Security-Policy": components["headers"]["ContentSecurityPolicy"];
          ETag: components["headers"]["ETag"];
          Vary: components["headers"]["Vary"];
        };
        content: {
          "text/html": string;
          "text/css": string;
          "text/javascript": string;
          "image/svg+xml": string;
        };
      };
      /** @description The caller has the current version already. */
      304: {
        headers: {
          "X-Request-Id": components["headers"]["XRequestId"];
          "Cache-Control": components["headers"]["CacheControl"];
          "Content-Security-Policy": components["headers"]["ContentSecurityPolicy"];
          ETag: components["headers"]["ETag"];
          Vary: components["headers"]["Vary"];
        };
        content: never;
      };
      400: components["responses"]["InvalidRequest"];
      404: components["responses"]["NotFound"];
      429: components["responses"]["TooManyRequests"];
      500: components["responses"]["InternalError"];
      503: components["responses"]["Unavailable"];
    };
  };
}
