// Generated from docs/openapi.json by `npm run client`. Do not edit: change the contracts.


/** OneOf type helpers */
type Without<T, U> = { [P in Exclude<keyof T, keyof U>]?: never };
type XOR<T, U> = (T | U) extends object ? (Without<T, U> & U) | (Without<U, T> & T) : T | U;
type OneOf<T extends any[]> = T extends [infer Only] ? Only : T extends [infer A, infer B, ...infer Rest] ? OneOf<[XOR<A, B>, ...Rest]> : never;

export interface paths {
  "/stores": {
    /**
     * Lists the stores, ordered by id.
     * @description Requires the scope `stores:read`.
     */
    get: operations["list-stores"];
    /**
     * Creates a store with its own database.
     * @description Requires the scope `stores:admin`.
     */
    post: operations["create-store"];
  };
  "/stores/{store}": {
    /**
     * Returns a store.
     * @description Requires the scope `stores:read`.
     */
    get: operations["get-store"];
    /**
     * Archives the products of a store, then drops its database. Repeat it until the store is closed.
     * @description Requires the scope `stores:admin`.
     */
    delete: operations["close-store"];
    /**
     * Renames, suspends or resumes a store with a JSON merge patch.
     * @description Requires the scope `stores:admin`.
     */
    patch: operations["update-store"];
  };
  "/products": {
    /**
     * Lists, filters and searches the products of the head catalog or of a store.
     * @description For the head catalog. Requires the scope `products:read`.
     */
    get: operations["list-products"];
    /**
     * Creates a product in the head catalog or in a store.
     * @description For the head catalog. Requires the scope `products:write`.
     */
    post: operations["create-product"];
  };
  "/stores/{store}/products": {
    /**
     * Lists, filters and searches the products of the head catalog or of a store.
     * @description For a store. Requires the scope `products:read`.
     */
    get: operations["list-products-in-store"];
    /**
     * Creates a product in the head catalog or in a store.
     * @description For a store. Requires the scope `products:write`.
     */
    post: operations["create-product-in-store"];
  };
  "/products/{product}": {
    /**
     * Returns a product of the head catalog or of a store.
     * @description For the head catalog. Requires the scope `products:read`.
     */
    get: operations["get-product"];
    /**
     * Removes a product from its catalog and keeps it in the archive.
     * @description For the head catalog. Requires the scope `products:write`.
     */
    delete: operations["archive-product"];
    /**
     * Updates a product with a JSON merge patch.
     * @description For the head catalog. Requires the scope `products:write`.
     */
    patch: operations["update-product"];
  };
  "/stores/{store}/products/{product}": {
    /**
     * Returns a product of the head catalog or of a store.
     * @description For a store. Requires the scope `products:read`.
     */
    get: operations["get-product-in-store"];
    /**
     * Removes a product from its catalog and keeps it in the archive.
     * @description For a store. Requires the scope `products:write`.
     */
    delete: operations["archive-product-in-store"];
    /**
     * Updates a product with a JSON merge patch.
     * @description For a store. Requires the scope `products:write`.
     */
    patch: operations["update-product-in-store"];
  };
  "/products/{product}/publications": {
    /**
     * Copies a product of the head catalog to stores, or updates their copies.
     * @description Requires the scope `products:write`.
     */
    post: operations["publish-product"];
  };
  "/stores/{store}/products/{product}/stock": {
    /**
     * Increases or decreases a product's stock, which never goes below zero.
     * @description Requires the scope `stock:write`.
     */
    post: operations["adjust-stock"];
  };
  "/transfers": {
    /**
     * Transfers stock of a product from one store to another in one transaction.
     * @description Requires the scope `stock:write`.
     */
    post: operations["transfer-stock"];
  };
  "/products/import": {
    /**
     * Creates and updates products by SKU from a JSON, NDJSON or CSV file.
     * @description For the head catalog. Requires the scope `products:write`.
     */
    post: operations["import-products"];
  };
  "/stores/{store}/products/import": {
    /**
     * Creates and updates products by SKU from a JSON, NDJSON or CSV file.
     * @description For a store. Requires the scope `products:write`.
     */
    post: operations["import-products-in-store"];
  };
  "/products/export": {
    /**
     * Exports products as NDJSON or CSV, in pages that can be imported again.
     * @description For the head catalog. Requires the scope `products:read`.
     */
    get: operations["export-products"];
  };
  "/stores/{store}/products/export": {
    /**
     * Exports products as NDJSON or CSV, in pages that can be imported again.
     * @description For a store. Requires the scope `products:read`.
     */
    get: operations["export-products-in-store"];
  };
  "/stores/{store}/archive": {
    /**
     * Lists the records in a store's archive, newest first.
     * @description Requires the scope `products:read`.
     */
    get: operations["list-archive"];
    /**
     * Adds records of any shape to a store's archive.
     * @description Requires the scope `archive:write`.
     */
    post: operations["ingest-archive"];
  };
  "/stores/{store}/archive/{product}": {
    /**
     * Returns a record from a store's archive, with all its original fields.
     * @description Requires the scope `products:read`.
     */
    get: operations["get-archived-product"];
  };
  "/stores/{store}/archive/{product}/restoration": {
    /**
     * Restores a record from a store's archive as a product that matches the current schema.
     * @description Requires the scope `products:write`.
     */
    post: operations["restore-product"];
  };
  "/search": {
    /**
     * Lists, filters and searches the products of all stores in the mirror.
     * @description Requires the scope `reports:read`.
     */
    get: operations["search-products"];
  };
  "/reports/overview": {
    /**
     * Summarizes the data on both servers, or on the one that responds, and pings every cluster.
     * @description Requires the scope `reports:read`.
     */
    get: operations["report-overview"];
  };
  "/reports/stores": {
    /**
     * Reports the products, units, stock value and low-stock products of each store.
     * @description Requires the scope `reports:read`.
     */
    get: operations["report-stores"];
  };
  "/reports/stores/{store}/history": {
    /**
     * Lists a store's daily figures, newest first, even after the store is closed.
     * @description Requires the scope `reports:read`.
     */
    get: operations["report-history"];
  };
  "/reports/drift": {
    /**
     * Reports how archived records differ from the current product schema.
     * @description Requires the scope `reports:read`.
     */
    get: operations["report-drift"];
  };
  "/health": {
    /**
     * Pings each database server and reports its response time.
     * @description No token is required.
     */
    get: operations["get-health"];
  };
  "/openapi.json": {
    /**
     * Serves the OpenAPI 3.1 document of this API.
     * @description No token is required.
     */
    get: operations["get-openapi"];
  };
  "/docs": {
    /**
     * Serves the interactive API documentation, to which `/` redirects.
     * @description No token is required.
     */
    get: operations["get-docs"];
  };
  "/docs/{asset}": {
    /**
     * Serves the interactive API documentation, to which `/` redirects.
     * @description No token is required.
     */
    get: operations["get-docs-asset"];
  };
  "/": {
    /**
     * Serves the interactive API documentation, to which `/` redirects.
     * @description No token is required.
     */
    get: operations["get-docs-root"];
  };
}

export type webhooks = Record<string, never>;

export interface components {
  schemas: {
    /** @description This OpenAPI document. */
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
    /** @description The archive’s metadata about a record. */
    ArchiveEntry: {
      /** @description The id of the record in the archive. */
      id: components["schemas"]["Id"];
      /** @description The id of the store that the record belonged to; null for the head catalog. */
      store: components["schemas"]["StoreId"] | null;
      /**
       * @description `catalog` for an archived product, `ingest` for an old record that was added to the archive.
       * @enum {string}
       */
      source: "catalog" | "ingest";
      /** @description When the record was added to the archive. */
      archivedAt: components["schemas"]["Instant"];
    };
    /** @description A page of records of an archive, newest first. */
    ArchivePage: {
      /** @description The items of the page: up to `limit`, or fewer if they are large. */
      items: components["schemas"]["ArchivedProduct"][];
      /** @description The `cursor` of the next page; null on the last page. */
      next: string | null;
    };
    /** @description An archived product or an old record, with all its original fields. */
    ArchivedProduct: {
      /** @description The archive’s own metadata. */
      _archive: components["schemas"]["ArchiveEntry"];
      [key: string]: unknown;
    };
    /** @description Another request is creating a store with the same id, and its outcome is not known yet. */
    BeingOpenedProblem: {
      /**
       * @description A URN that identifies the kind of problem. Programs compare it.
       * @constant
       */
      type: "urn:manystore:problem:being-opened";
      /**
       * @description A short name of the kind of problem.
       * @constant
       */
      title: "Store is being created";
      /**
       * @description The HTTP status code.
       * @constant
       */
      status: 409;
      /** @description What went wrong in this request. */
      detail: string;
      /** @description The id of the request as a URN. The id is also in `X-Request-Id`. */
      instance: string;
      /** @description The faults in the request, each with its location. */
      errors?: components["schemas"]["Fault"][];
    };
    /** @description An unexpected error on the server. Quote the request id when you report it. `outcome` says whether the change was made: with `not-applied`, nothing was changed; with `unknown`, the change may have been applied, completely or in part. A response of API Gateway itself, which has only a `message`, says nothing about the change: treat it as `unknown`. */
    ChangeInternalErrorProblem: {
      /**
       * @description A URN that identifies the kind of problem. Programs compare it.
       * @constant
       */
      type: "urn:manystore:problem:internal-error";
      /**
       * @description A short name of the kind of problem.
       * @constant
       */
      title: "Internal error";
      /**
       * @description The HTTP status code.
       * @constant
       */
      status: 500;
      /** @description What went wrong in this request. */
      detail: string;
      /** @description The id of the request as a URN. The id is also in `X-Request-Id`. */
      instance: string;
      /** @description The faults in the request, each with its location. */
      errors?: components["schemas"]["Fault"][];
      /**
       * @description `not-applied`: nothing was changed. `unknown`: the change may have been applied, completely or in part.
       * @enum {string}
       */
      outcome: "not-applied" | "unknown";
    };
    /** @description A server that the operation needs is not responding, or the request timed out. `outcome` says whether the change was made: with `not-applied`, nothing was changed; with `unknown`, the change may have been applied, completely or in part. In both cases, repeat the request: what was already applied is not applied twice. A response of API Gateway itself, which has only a `message`, says nothing about the change: treat it as `unknown`. */
    ChangeUnavailableProblem: {
      /**
       * @description A URN that identifies the kind of problem. Programs compare it.
       * @constant
       */
      type: "urn:manystore:problem:unavailable";
      /**
       * @description A short name of the kind of problem.
       * @constant
       */
      title: "Service unavailable";
      /**
       * @description The HTTP status code.
       * @constant
       */
      status: 503;
      /** @description What went wrong in this request. */
      detail: string;
      /** @description The id of the request as a URN. The id is also in `X-Request-Id`. */
      instance: string;
      /** @description The faults in the request, each with its location. */
      errors?: components["schemas"]["Fault"][];
      /**
       * @description `not-applied`: nothing was changed. `unknown`: the change may have been applied, completely or in part.
       * @enum {string}
       */
      outcome: "not-applied" | "unknown";
    };
    /** @description The state of the connection to a server. */
    Connection: {
      /**
       * @description Whether the server responded to a ping.
       * @enum {string}
       */
      status: "up" | "down";
      /** @description The time that this took in milliseconds, including the time to connect. */
      ms: number;
    };
    /** @description The request body exceeds the operation’s limit. */
    ContentTooLargeProblem: {
      /**
       * @description A URN that identifies the kind of problem. Programs compare it.
       * @constant
       */
      type: "urn:manystore:problem:content-too-large";
      /**
       * @description A short name of the kind of problem.
       * @constant
       */
      title: "Content too large";
      /**
       * @description The HTTP status code.
       * @constant
       */
      status: 413;
      /** @description What went wrong in this request. */
      detail: string;
      /** @description The id of the request as a URN. The id is also in `X-Request-Id`. */
      instance: string;
      /** @description The faults in the request, each with its location. */
      errors?: components["schemas"]["Fault"][];
    };
    /** @description An ISO 4217 currency code. */
    Currency: string;
    /** @description The figures of a store on a day. */
    DayFigures: {
      /**
       * Format: date
       * @description The day (UTC).
       */
      date: string;
      /** @description The number of products. */
      products: number;
      /** @description The total number of units in stock. */
      units: number;
      /** @description The value of the stock by currency, in the minor unit of each. */
      value: {
          currency: components["schemas"]["Currency"];
          amount: number;
        }[];
      /** @description The number of products that are low on stock. */
      lowStock: number;
      /** @description When the snapshot was taken. */
      takenAt: components["schemas"]["Instant"];
      /** @description The time of the figures. */
      syncedAt: components["schemas"]["Instant"];
    };
    /** @description A page of the figures of a store, newest day first. */
    DayFiguresPage: {
      /** @description The items of the page: up to `limit`, or fewer if they are large. */
      items: components["schemas"]["DayFigures"][];
      /** @description The `cursor` of the next page; null on the last page. */
      next: string | null;
    };
    /** @description The stores are on different clusters. Stock can only be transferred within a cluster. Nothing was changed. */
    DifferentClustersProblem: {
      /**
       * @description A URN that identifies the kind of problem. Programs compare it.
       * @constant
       */
      type: "urn:manystore:problem:different-clusters";
      /**
       * @description A short name of the kind of problem.
       * @constant
       */
      title: "Different clusters";
      /**
       * @description The HTTP status code.
       * @constant
       */
      status: 409;
      /** @description What went wrong in this request. */
      detail: string;
      /** @description The id of the request as a URN. The id is also in `X-Request-Id`. */
      instance: string;
      /** @description The faults in the request, each with its location. */
      errors?: components["schemas"]["Fault"][];
    };
    /** @description How archived records differ from the current product schema. */
    Drift: {
      /** @description The number of records that were examined. */
      records: number;
      /** @description The differences, most frequent first. */
      items: components["schemas"]["DriftItem"][];
      /** @description Whether rarer differences were omitted because they did not fit. */
      more: boolean;
      /** @description All records that were archived before this time are included. It is the time of the request for up to a thousand records. For more, the report is from summaries that are made every hour; null while the first one is incomplete. */
      at: components["schemas"]["Instant"] | null;
    };
    /** @description A path and type that occur in archived records, and how often. */
    DriftItem: {
      /** @description A JSON pointer (RFC 6901) into a record. `*` stands for any element of an array; a member named `*` is written `~2`. */
      path: string;
      /** @description A JSON Schema type; a BSON type such as `date` where JSON has none; or `missing` for a required member that the record lacks. */
      type: string;
      /** @description The number of records in which it occurs. */
      count: number;
    };
    /** @description The archived record does not match the current product schema; `errors` lists the faults. Nothing was changed. */
    DriftedProblem: {
      /**
       * @description A URN that identifies the kind of problem. Programs compare it.
       * @constant
       */
      type: "urn:manystore:problem:drifted";
      /**
       * @description A short name of the kind of problem.
       * @constant
       */
      title: "Record drifted";
      /**
       * @description The HTTP status code.
       * @constant
       */
      status: 422;
      /** @description What went wrong in this request. */
      detail: string;
      /** @description The id of the request as a URN. The id is also in `X-Request-Id`. */
      instance: string;
      /** @description The faults in the request, each with its location. */
      errors?: components["schemas"]["Fault"][];
    };
    /** @description The unique key in `key` is already in use: the SKU of a product, or the id of a store. */
    DuplicateKeyProblem: {
      /**
       * @description A URN that identifies the kind of problem. Programs compare it.
       * @constant
       */
      type: "urn:manystore:problem:duplicate-key";
      /**
       * @description A short name of the kind of problem.
       * @constant
       */
      title: "Duplicate key";
      /**
       * @description The HTTP status code.
       * @constant
       */
      status: 409;
      /** @description What went wrong in this request. */
      detail: string;
      /** @description The id of the request as a URN. The id is also in `X-Request-Id`. */
      instance: string;
      /** @description The faults in the request, each with its location. */
      errors?: components["schemas"]["Fault"][];
      key: {
        sku: string;
      } | {
        id: string;
      };
    };
    /** @description A rejected row. */
    FailedRow: {
      /** @description The line on which the row begins, or its position in a JSON array. Counted from 1. */
      line: number;
      /** @description The SKU of the row; null if it could not be read. */
      sku: string | null;
      /** @description Why the row was rejected. */
      reason: string;
    };
    /** @description A fault and its location. */
    Fault: {
      /**
       * @description The part of the request with the fault, or `archive` for the archived record.
       * @enum {string}
       */
      in: "path" | "query" | "headers" | "body" | "archive";
      /** @description A JSON pointer (RFC 6901) to the value within that part. */
      pointer: string;
      /** @description What is wrong with the value. It reads on from the pointer: “/name is required”. */
      reason: string;
    };
    /** @description The token lacks the scope of the operation, or does not cover what the request would change. */
    ForbiddenProblem: {
      /**
       * @description A URN that identifies the kind of problem. Programs compare it.
       * @constant
       */
      type: "urn:manystore:problem:forbidden";
      /**
       * @description A short name of the kind of problem.
       * @constant
       */
      title: "Forbidden";
      /**
       * @description The HTTP status code.
       * @constant
       */
      status: 403;
      /** @description What went wrong in this request. */
      detail: string;
      /** @description The id of the request as a URN. The id is also in `X-Request-Id`. */
      instance: string;
      /** @description The faults in the request, each with its location. */
      errors?: components["schemas"]["Fault"][];
    };
    /** @description A response that API Gateway returns itself. */
    GatewayMessage: {
      message: string;
      [key: string]: unknown;
    };
    /** @description The health of the service. */
    Health: {
      /**
       * @description `degraded` if the secondary server or a cluster is down. If the primary server is down, the response is 503.
       * @enum {string}
       */
      status: "ok" | "degraded";
      /** @description The connections to the two servers. */
      connections: {
        primary: components["schemas"]["Connection"];
        secondary: components["schemas"]["Connection"];
      };
      /** @description How many of the clusters responded that this process is connected to. */
      clusters: {
        up: number;
        down: number;
      };
    };
    /** @description An id that the service assigns: 24 hexadecimal digits. */
    Id: string;
    /** @description The result of an import. */
    ImportResult: {
      /** @description The number of rows that created a product. */
      created: number;
      /** @description The number of rows that updated a product. */
      updated: number;
      /** @description The number of rows that changed nothing. */
      unchanged: number;
      /** @description The rejected rows, each with the reason. */
      failed: components["schemas"]["FailedRow"][];
      /** @description The number of further rejected rows, if there are too many to list. */
      moreFailed?: number;
    };
    /** @description A JSON merge patch (RFC 7396) for the product with this SKU. If there is none, the product is created, which requires a name and a price. A row that is not valid is listed in the response and does not affect the others. */
    ImportRow: {
      /** @description The stock keeping unit. It is unique within a store, and within the head catalog. A request’s SKU is normalized (Unicode NFC), and must not contain invisible characters. */
      sku: string;
      /** @description The name, a single line of text. It is normalized (Unicode NFC). */
      name?: string;
      /** @description The description, one or more lines of text. */
      description?: string | null;
      /** @description The category, a single line of text. It is normalized (Unicode NFC). */
      category?: string | null;
      /** @description The tags, each a single line of text, without duplicates. They are normalized (Unicode NFC). */
      tags?: string[] | null;
      /** @description The price per unit. */
      price?: {
        amount?: number;
        currency?: components["schemas"]["Currency"];
      };
      /** @description The number of units in stock. */
      stock?: number | null;
      /** @description `active` for a product that is offered, `draft` for one that is not yet offered. */
      status?: ("draft" | "active") | null;
      /** @description Further attributes: at most 100 strings by name. A name must not contain a dot or a control character, or start with a dollar sign. */
      attributes?: ({
        [key: string]: string | null;
      }) | null;
    };
    /** @description The rows of a file. */
    ImportRows: components["schemas"]["ImportRow"][];
    /** @description The records that were added to the archive. */
    Ingested: {
      /** @description The ids of the records, in the order of the request. */
      archived: components["schemas"]["Id"][];
    };
    /**
     * Format: date-time
     * @description A time in UTC (RFC 3339).
     */
    Instant: string;
    /** @description The change would take the stock below zero. `stock` is the current stock. */
    InsufficientStockProblem: {
      /**
       * @description A URN that identifies the kind of problem. Programs compare it.
       * @constant
       */
      type: "urn:manystore:problem:insufficient-stock";
      /**
       * @description A short name of the kind of problem.
       * @constant
       */
      title: "Insufficient stock";
      /**
       * @description The HTTP status code.
       * @constant
       */
      status: 409;
      /** @description What went wrong in this request. */
      detail: string;
      /** @description The id of the request as a URN. The id is also in `X-Request-Id`. */
      instance: string;
      /** @description The faults in the request, each with its location. */
      errors?: components["schemas"]["Fault"][];
      stock: number;
    };
    /** @description An unexpected error on the server. Quote the request id when you report it. */
    InternalErrorProblem: {
      /**
       * @description A URN that identifies the kind of problem. Programs compare it.
       * @constant
       */
      type: "urn:manystore:problem:internal-error";
      /**
       * @description A short name of the kind of problem.
       * @constant
       */
      title: "Internal error";
      /**
       * @description The HTTP status code.
       * @constant
       */
      status: 500;
      /** @description What went wrong in this request. */
      detail: string;
      /** @description The id of the request as a URN. The id is also in `X-Request-Id`. */
      instance: string;
      /** @description The faults in the request, each with its location. */
      errors?: components["schemas"]["Fault"][];
    };
    /** @description The request is malformed or does not match the operation’s schema; `errors` lists the faults. Nothing was changed. */
    InvalidRequestProblem: {
      /**
       * @description A URN that identifies the kind of problem. Programs compare it.
       * @constant
       */
      type: "urn:manystore:problem:invalid-request";
      /**
       * @description A short name of the kind of problem.
       * @constant
       */
      title: "Invalid request";
      /**
       * @description The HTTP status code.
       * @constant
       */
      status: 400;
      /** @description What went wrong in this request. */
      detail: string;
      /** @description The id of the request as a URN. The id is also in `X-Request-Id`. */
      instance: string;
      /** @description The faults in the request, each with its location. */
      errors?: components["schemas"]["Fault"][];
    };
    /** @description The `Idempotency-Key` was already used for a different request in the same store. */
    KeyReusedProblem: {
      /**
       * @description A URN that identifies the kind of problem. Programs compare it.
       * @constant
       */
      type: "urn:manystore:problem:idempotency-key-reused";
      /**
       * @description A short name of the kind of problem.
       * @constant
       */
      title: "Idempotency-Key reused";
      /**
       * @description The HTTP status code.
       * @constant
       */
      status: 422;
      /** @description What went wrong in this request. */
      detail: string;
      /** @description The id of the request as a URN. The id is also in `X-Request-Id`. */
      instance: string;
      /** @description The faults in the request, each with its location. */
      errors?: components["schemas"]["Fault"][];
    };
    /** @description A server that the operation needs is not responding, or the request timed out. `outcome` says whether the change was made: with `not-applied`, nothing was changed; with `unknown`, the change may have been applied, completely or in part. With `not-applied`, or if the request had an `Idempotency-Key`, repeat it with the same key after `Retry-After`. A request without a key whose outcome is `unknown` would be applied twice if it is repeated: read the stock first. The response then has no `Retry-After`. A response of API Gateway itself, which has only a `message`, says nothing about the change: treat it as `unknown`. */
    KeyedChangeUnavailableProblem: {
      /**
       * @description A URN that identifies the kind of problem. Programs compare it.
       * @constant
       */
      type: "urn:manystore:problem:unavailable";
      /**
       * @description A short name of the kind of problem.
       * @constant
       */
      title: "Service unavailable";
      /**
       * @description The HTTP status code.
       * @constant
       */
      status: 503;
      /** @description What went wrong in this request. */
      detail: string;
      /** @description The id of the request as a URN. The id is also in `X-Request-Id`. */
      instance: string;
      /** @description The faults in the request, each with its location. */
      errors?: components["schemas"]["Fault"][];
      /**
       * @description `not-applied`: nothing was changed. `unknown`: the change may have been applied, completely or in part.
       * @enum {string}
       */
      outcome: "not-applied" | "unknown";
    };
    /** @description An amount of money. */
    Money: {
      /** @description The amount in the minor unit of the currency: 1999 in USD is 19.99 dollars. */
      amount: number;
      /** @description An ISO 4217 currency code. */
      currency: components["schemas"]["Currency"];
    };
    /** @description The resource does not exist, or the token does not cover its store. The response is the same in both cases. */
    NotFoundProblem: {
      /**
       * @description A URN that identifies the kind of problem. Programs compare it.
       * @constant
       */
      type: "urn:manystore:problem:not-found";
      /**
       * @description A short name of the kind of problem.
       * @constant
       */
      title: "Not found";
      /**
       * @description The HTTP status code.
       * @constant
       */
      status: 404;
      /** @description What went wrong in this request. */
      detail: string;
      /** @description The id of the request as a URN. The id is also in `X-Request-Id`. */
      instance: string;
      /** @description The faults in the request, each with its location. */
      errors?: components["schemas"]["Fault"][];
    };
    /** @description A record of any shape, with at least one member, nested at most 50 levels deep, and at most 1,000,000 characters long as JSON. No member may be named `_archive` or `_bsontype`. */
    OldRecord: {
      [key: string]: unknown;
    };
    /** @description A record or a list of records. */
    OldRecords: components["schemas"]["OldRecord"] | components["schemas"]["OldRecord"][];
    /** @description A summary of the data on both servers and of the clusters. */
    Overview: {
      /** @description The number of stores by status and an estimate of the products in the head catalog, or why they are missing. */
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
      /** @description An estimate of the products in the mirror and the number of archived records by source, or why they are missing. */
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
      /** @description The servers that did not respond. */
      missing: ("primary" | "secondary")[];
      /** @description The clusters other than the primary, each with the number of its stores, and the time that a ping took in milliseconds, or why it failed. */
      clusters: OneOf<[{
          name: string;
          stores: number;
          ms: number;
          /** @constant */
          status: "answered";
        }, {
          name: string;
          stores: number;
          ms: number;
          /** @constant */
          status: "missing";
          reason: string;
        }]>[];
    };
    /** @description A product of the head catalog or of a store. */
    Product: {
      /** @description The id. The product keeps it when it is archived and restored. */
      id: components["schemas"]["Id"];
      /** @description The stock keeping unit. It is unique within a store, and within the head catalog. A request’s SKU is normalized (Unicode NFC), and must not contain invisible characters. */
      sku: string;
      /** @description The name, a single line of text. It is normalized (Unicode NFC). */
      name: string;
      /** @description The description, one or more lines of text. */
      description?: string;
      /** @description The category, a single line of text. It is normalized (Unicode NFC). */
      category?: string;
      /** @description The tags, each a single line of text, without duplicates. They are normalized (Unicode NFC). */
      tags: string[];
      /** @description The price per unit. */
      price: components["schemas"]["Money"];
      /** @description The number of units in stock. */
      stock: number;
      /**
       * @description `active` for a product that is offered, `draft` for one that is not yet offered.
       * @enum {string}
       */
      status: "draft" | "active";
      /** @description Further attributes: at most 100 strings by name. A name must not contain a dot or a control character, or start with a dollar sign. */
      attributes: {
        [key: string]: string;
      };
      /** @description The store of the product; absent in the head catalog. */
      store?: {
        id: components["schemas"]["StoreId"];
        name: string;
      };
      /** @description The version, which starts at 1 and grows with each change. It is the value of the product’s ETag. */
      version: number;
      /** @description When the product was created. */
      createdAt: components["schemas"]["Instant"];
      /** @description When the product was last changed. */
      updatedAt: components["schemas"]["Instant"];
    };
    /** @description The data to create a product. */
    ProductInput: {
      /** @description The stock keeping unit. It is unique within a store, and within the head catalog. A request’s SKU is normalized (Unicode NFC), and must not contain invisible characters. */
      sku: string;
      /** @description The name, a single line of text. It is normalized (Unicode NFC). */
      name: string;
      /** @description The description, one or more lines of text. */
      description?: string;
      /** @description The category, a single line of text. It is normalized (Unicode NFC). */
      category?: string;
      /**
       * @description The tags, each a single line of text, without duplicates. They are normalized (Unicode NFC).
       * @default []
       */
      tags?: string[];
      /** @description The price per unit. */
      price: components["schemas"]["Money"];
      /**
       * @description The number of units in stock.
       * @default 0
       */
      stock?: number;
      /**
       * @description `active` for a product that is offered, `draft` for one that is not yet offered.
       * @default active
       * @enum {string}
       */
      status?: "draft" | "active";
      /**
       * @description Further attributes: at most 100 strings by name. A name must not contain a dot or a control character, or start with a dollar sign.
       * @default {}
       */
      attributes?: {
        [key: string]: string;
      };
    };
    /** @description A page of products, in the order of `sort`. */
    ProductPage: {
      /** @description The items of the page: up to `limit`, or fewer if they are large. */
      items: components["schemas"]["Product"][];
      /** @description The `cursor` of the next page; null on the last page. */
      next: string | null;
    };
    /** @description A JSON merge patch (RFC 7396) for a product; null removes an optional member. */
    ProductPatch: {
      /** @description The stock keeping unit. It is unique within a store, and within the head catalog. A request’s SKU is normalized (Unicode NFC), and must not contain invisible characters. */
      sku?: string;
      /** @description The name, a single line of text. It is normalized (Unicode NFC). */
      name?: string;
      /** @description The description, one or more lines of text. */
      description?: string | null;
      /** @description The category, a single line of text. It is normalized (Unicode NFC). */
      category?: string | null;
      /** @description The tags, each a single line of text, without duplicates. They are normalized (Unicode NFC). */
      tags?: string[] | null;
      /** @description The price per unit. */
      price?: {
        amount?: number;
        currency?: components["schemas"]["Currency"];
      };
      /** @description The number of units in stock. */
      stock?: number;
      /**
       * @description `active` for a product that is offered, `draft` for one that is not yet offered.
       * @enum {string}
       */
      status?: "draft" | "active";
      /** @description Further attributes: at most 100 strings by name. A name must not contain a dot or a control character, or start with a dollar sign. */
      attributes?: ({
        [key: string]: string | null;
      }) | null;
    };
    /** @description The result of publishing a product to each store. */
    Publication: {
      /** @description A result for each store, in the order of the request. */
      results: components["schemas"]["PublicationResult"][];
    };
    /** @description The stores to publish a product to. */
    PublicationInput: {
      /** @description The ids of stores, or `*` for every active store that the token covers. */
      stores: "*" | components["schemas"]["StoreId"][];
    };
    /** @description The result of publishing a product to a store. */
    PublicationResult: {
      /** @description The id of the store. */
      store: components["schemas"]["StoreId"];
      /**
       * @description The outcome. A store that `failed` does not affect the others.
       * @enum {string}
       */
      result: "created" | "updated" | "unchanged" | "failed";
      /** @description Why publishing to the store failed. */
      reason?: string;
    };
    /** @description A JSON merge patch (RFC 7396) for the archived record; null removes a member. The result must match ProductInput. */
    RestorationPatch: {
      [key: string]: unknown;
    };
    /** @description A page of products of all stores in the mirror. */
    SearchPage: {
      /** @description The items of the page: up to `limit`, or fewer if they are large. */
      items: components["schemas"]["Product"][];
      /** @description The `cursor` of the next page; null on the last page. */
      next: string | null;
      /** @description The results include every change before this time, except in stores that have never been mirrored; null if no store has been. */
      asOf: components["schemas"]["Instant"] | null;
    };
    /** @description `If-Match` does not match the current version, whose entity tag is in `ETag`. */
    StaleTagProblem: {
      /**
       * @description A URN that identifies the kind of problem. Programs compare it.
       * @constant
       */
      type: "urn:manystore:problem:stale-tag";
      /**
       * @description A short name of the kind of problem.
       * @constant
       */
      title: "Precondition failed";
      /**
       * @description The HTTP status code.
       * @constant
       */
      status: 412;
      /** @description What went wrong in this request. */
      detail: string;
      /** @description The id of the request as a URN. The id is also in `X-Request-Id`. */
      instance: string;
      /** @description The faults in the request, each with its location. */
      errors?: components["schemas"]["Fault"][];
    };
    /** @description A request in the same store with the same `Idempotency-Key` is running, or was interrupted and its outcome is not certain yet. `Retry-After` is the time until it has ended at the latest. */
    StillRunningProblem: {
      /**
       * @description A URN that identifies the kind of problem. Programs compare it.
       * @constant
       */
      type: "urn:manystore:problem:still-running";
      /**
       * @description A short name of the kind of problem.
       * @constant
       */
      title: "Request still running";
      /**
       * @description The HTTP status code.
       * @constant
       */
      status: 409;
      /** @description What went wrong in this request. */
      detail: string;
      /** @description The id of the request as a URN. The id is also in `X-Request-Id`. */
      instance: string;
      /** @description The faults in the request, each with its location. */
      errors?: components["schemas"]["Fault"][];
    };
    /** @description A change of a product’s stock. */
    StockAdjustment: {
      /** @description The number of units to add, or a negative number to remove units. It must not be 0. */
      by: number;
    };
    /** @description The change would take the stock above the maximum. `stock` is the current stock. */
    StockTooLargeProblem: {
      /**
       * @description A URN that identifies the kind of problem. Programs compare it.
       * @constant
       */
      type: "urn:manystore:problem:stock-too-large";
      /**
       * @description A short name of the kind of problem.
       * @constant
       */
      title: "Stock too large";
      /**
       * @description The HTTP status code.
       * @constant
       */
      status: 409;
      /** @description What went wrong in this request. */
      detail: string;
      /** @description The id of the request as a URN. The id is also in `X-Request-Id`. */
      instance: string;
      /** @description The faults in the request, each with its location. */
      errors?: components["schemas"]["Fault"][];
      stock: number;
    };
    /** @description A store. Each store has its own database. */
    Store: {
      /** @description The id that the store was created with. */
      id: components["schemas"]["StoreId"];
      /** @description The display name, a single line of text. */
      name: string;
      /** @description The currency of the store, as an ISO 4217 code. */
      currency: components["schemas"]["Currency"];
      /** @description The name of the cluster that the store’s database is on. */
      cluster: string;
      /**
       * @description Products can be changed while the store is `active`, and read until it is `closed`. A `closing` store cannot be reopened.
       * @enum {string}
       */
      status: "active" | "suspended" | "closing" | "closed";
      /** @description The version, which starts at 1 and grows with each change. It is the value of the store’s ETag. */
      version: number;
      /** @description When the store was created. */
      createdAt: components["schemas"]["Instant"];
      /** @description When the store was last changed. */
      updatedAt: components["schemas"]["Instant"];
    };
    /** @description The progress of closing a store. */
    StoreClosing: {
      /**
       * @description `closing` while there is more to do, then `closed`.
       * @enum {string}
       */
      status: "closing" | "closed";
      /** @description The number of products archived since closing began. */
      archived: number;
      /** @description The number of products still in the store. */
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
      /** @description The number of products. */
      products: number;
      /** @description The total number of units in stock. */
      units: number;
      /** @description The value of the stock by currency, in the minor unit of each. */
      value: {
          currency: components["schemas"]["Currency"];
          amount: number;
        }[];
      /** @description The number of products that are low on stock. */
      lowStock: number;
      /** @description The time of the figures. It is null until the first sync of the store is complete; until then, the figures cover what has been mirrored so far. */
      syncedAt: components["schemas"]["Instant"] | null;
    };
    /** @description A page of the figures of stores, ordered by id. */
    StoreFiguresPage: {
      /** @description The items of the page: up to `limit`, or fewer if they are large. */
      items: components["schemas"]["StoreFigures"][];
      /** @description The `cursor` of the next page; null on the last page. */
      next: string | null;
    };
    /** @description The id of a store: lowercase letters, digits and hyphens, without a leading or trailing hyphen. */
    StoreId: string;
    /** @description The data to create a store. */
    StoreInput: {
      /** @description The id, which the client chooses. It cannot be changed, and is not reused after the store is closed. */
      id: components["schemas"]["StoreId"];
      /** @description The display name, a single line of text. */
      name: string;
      /** @description The currency of the store, as an ISO 4217 code. */
      currency: components["schemas"]["Currency"];
      /** @description The cluster of the store’s database; only with a token for all stores. By default, the service chooses it. It cannot be changed. */
      cluster?: string;
    };
    /** @description The store does not accept changes: it is suspended, closing or closed. */
    StoreNotWritableProblem: {
      /**
       * @description A URN that identifies the kind of problem. Programs compare it.
       * @constant
       */
      type: "urn:manystore:problem:store-not-writable";
      /**
       * @description A short name of the kind of problem.
       * @constant
       */
      title: "Store not writable";
      /**
       * @description The HTTP status code.
       * @constant
       */
      status: 409;
      /** @description What went wrong in this request. */
      detail: string;
      /** @description The id of the request as a URN. The id is also in `X-Request-Id`. */
      instance: string;
      /** @description The faults in the request, each with its location. */
      errors?: components["schemas"]["Fault"][];
    };
    /** @description A page of stores, ordered by id. */
    StorePage: {
      /** @description The items of the page: up to `limit`, or fewer if they are large. */
      items: components["schemas"]["Store"][];
      /** @description The `cursor` of the next page; null on the last page. */
      next: string | null;
    };
    /** @description A JSON merge patch (RFC 7396) for a store. */
    StorePatch: {
      /** @description The display name, a single line of text. */
      name?: string;
      /**
       * @description `suspended` blocks all changes to the store’s products; `active` allows them again.
       * @enum {string}
       */
      status?: "active" | "suspended";
    };
    /** @description A stock transfer from one store to another. */
    Transfer: {
      /** @description The id of the transfer. */
      id: components["schemas"]["Id"];
      /** @description The id of the store to transfer from. */
      from: components["schemas"]["StoreId"];
      /** @description The id of the store to transfer to. */
      to: components["schemas"]["StoreId"];
      /** @description The SKU of the product, the same in both stores. It is normalized (Unicode NFC). */
      sku: string;
      /** @description The number of units to transfer. */
      quantity: number;
      /** @description When the stock was transferred. */
      createdAt: components["schemas"]["Instant"];
    };
    /** @description A stock transfer to make. */
    TransferInput: {
      /** @description The id of the store to transfer from. */
      from: components["schemas"]["StoreId"];
      /** @description The id of the store to transfer to. */
      to: components["schemas"]["StoreId"];
      /** @description The SKU of the product, the same in both stores. It is normalized (Unicode NFC). */
      sku: string;
      /** @description The number of units to transfer. */
      quantity: number;
    };
    /** @description The request has no valid access token. API Gateway returns this response itself, with a `message` instead of problem details. */
    UnauthorizedProblem: {
      /**
       * @description A URN that identifies the kind of problem. Programs compare it.
       * @constant
       */
      type: "urn:manystore:problem:unauthorized";
      /**
       * @description A short name of the kind of problem.
       * @constant
       */
      title: "Unauthorized";
      /**
       * @description The HTTP status code.
       * @constant
       */
      status: 401;
      /** @description What went wrong in this request. */
      detail: string;
      /** @description The id of the request as a URN. The id is also in `X-Request-Id`. */
      instance: string;
      /** @description The faults in the request, each with its location. */
      errors?: components["schemas"]["Fault"][];
    };
    /** @description A server that the operation needs is not responding, or the request timed out. The same request may succeed later. */
    UnavailableProblem: {
      /**
       * @description A URN that identifies the kind of problem. Programs compare it.
       * @constant
       */
      type: "urn:manystore:problem:unavailable";
      /**
       * @description A short name of the kind of problem.
       * @constant
       */
      title: "Service unavailable";
      /**
       * @description The HTTP status code.
       * @constant
       */
      status: 503;
      /** @description What went wrong in this request. */
      detail: string;
      /** @description The id of the request as a URN. The id is also in `X-Request-Id`. */
      instance: string;
      /** @description The faults in the request, each with its location. */
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
    /** @description The `cluster` of the new store does not exist; `errors` names those that do. Nothing was changed. */
    UnknownClusterProblem: {
      /**
       * @description A URN that identifies the kind of problem. Programs compare it.
       * @constant
       */
      type: "urn:manystore:problem:unknown-cluster";
      /**
       * @description A short name of the kind of problem.
       * @constant
       */
      title: "Unknown cluster";
      /**
       * @description The HTTP status code.
       * @constant
       */
      status: 422;
      /** @description What went wrong in this request. */
      detail: string;
      /** @description The id of the request as a URN. The id is also in `X-Request-Id`. */
      instance: string;
      /** @description The faults in the request, each with its location. */
      errors?: components["schemas"]["Fault"][];
    };
    /** @description The request body has no media type or an unsupported one, a charset other than UTF-8, or a content encoding. */
    UnsupportedMediaTypeProblem: {
      /**
       * @description A URN that identifies the kind of problem. Programs compare it.
       * @constant
       */
      type: "urn:manystore:problem:unsupported-media-type";
      /**
       * @description A short name of the kind of problem.
       * @constant
       */
      title: "Unsupported media type";
      /**
       * @description The HTTP status code.
       * @constant
       */
      status: 415;
      /** @description What went wrong in this request. */
      detail: string;
      /** @description The id of the request as a URN. The id is also in `X-Request-Id`. */
      instance: string;
      /** @description The faults in the request, each with its location. */
      errors?: components["schemas"]["Fault"][];
    };
  };
  responses: {
    /** @description The request body exceeds the operation’s limit. */
    ContentTooLarge: {
      headers: {
        "X-Request-Id": components["headers"]["XRequestId"];
      };
      content: {
        "application/problem+json": components["schemas"]["ContentTooLargeProblem"];
      };
    };
    /** @description The unique key in `key` is already in use: the SKU of a product, or the id of a store. */
    DuplicateKey: {
      headers: {
        "X-Request-Id": components["headers"]["XRequestId"];
      };
      content: {
        "application/problem+json": components["schemas"]["DuplicateKeyProblem"];
      };
    };
    /** @description The token lacks the scope of the operation, or does not cover what the request would change. */
    Forbidden: {
      headers: {
        "X-Request-Id": components["headers"]["XRequestId"];
      };
      content: {
        "application/problem+json": components["schemas"]["ForbiddenProblem"];
        "application/json": components["schemas"]["GatewayMessage"];
      };
    };
    /** @description An unexpected error on the server. Quote the request id when you report it. */
    InternalError: {
      headers: {
        "X-Request-Id": components["headers"]["XRequestId"];
      };
      content: {
        "application/problem+json": components["schemas"]["InternalErrorProblem"];
        "application/json": components["schemas"]["GatewayMessage"];
      };
    };
    /** @description The request is malformed or does not match the operation’s schema; `errors` lists the faults. Nothing was changed. */
    InvalidRequest: {
      headers: {
        "X-Request-Id": components["headers"]["XRequestId"];
      };
      content: {
        "application/problem+json": components["schemas"]["InvalidRequestProblem"];
      };
    };
    /** @description The `Idempotency-Key` was already used for a different request in the same store. */
    KeyReused: {
      headers: {
        "X-Request-Id": components["headers"]["XRequestId"];
      };
      content: {
        "application/problem+json": components["schemas"]["KeyReusedProblem"];
      };
    };
    /** @description The resource does not exist, or the token does not cover its store. The response is the same in both cases. */
    NotFound: {
      headers: {
        "X-Request-Id": components["headers"]["XRequestId"];
      };
      content: {
        "application/problem+json": components["schemas"]["NotFoundProblem"];
      };
    };
    /** @description `If-Match` does not match the current version, whose entity tag is in `ETag`. */
    StaleTag: {
      headers: {
        "X-Request-Id": components["headers"]["XRequestId"];
        ETag: components["headers"]["ETag"];
      };
      content: {
        "application/problem+json": components["schemas"]["StaleTagProblem"];
      };
    };
    /** @description A request in the same store with the same `Idempotency-Key` is running, or was interrupted and its outcome is not certain yet. `Retry-After` is the time until it has ended at the latest. */
    StillRunning: {
      headers: {
        "X-Request-Id": components["headers"]["XRequestId"];
        "Retry-After": components["headers"]["RetryAfter"];
      };
      content: {
        "application/problem+json": components["schemas"]["StillRunningProblem"];
      };
    };
    /** @description The store does not accept changes: it is suspended, closing or closed. */
    StoreNotWritable: {
      headers: {
        "X-Request-Id": components["headers"]["XRequestId"];
      };
      content: {
        "application/problem+json": components["schemas"]["StoreNotWritableProblem"];
      };
    };
    /** @description The request has no valid access token. API Gateway returns this response itself, with a `message` instead of problem details. */
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
    /** @description A server that the operation needs is not responding, or the request timed out. The same request may succeed later. */
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
    /** @description The request body has no media type or an unsupported one, a charset other than UTF-8, or a content encoding. */
    UnsupportedMediaType: {
      headers: {
        "X-Request-Id": components["headers"]["XRequestId"];
        "Accept-Encoding": components["headers"]["AcceptEncoding"];
      };
      content: {
        "application/problem+json": components["schemas"]["UnsupportedMediaTypeProblem"];
      };
    };
    /** @description A server that the operation needs is not responding, or the request timed out. `outcome` says whether the change was made: with `not-applied`, nothing was changed; with `unknown`, the change may have been applied, completely or in part. In both cases, repeat the request: what was already applied is not applied twice. A response of API Gateway itself, which has only a `message`, says nothing about the change: treat it as `unknown`. */
    ChangeUnavailable: {
      headers: {
        "X-Request-Id": components["headers"]["XRequestId"];
        "Retry-After": components["headers"]["RetryAfter"];
      };
      content: {
        "application/problem+json": components["schemas"]["ChangeUnavailableProblem"];
        "application/json": components["schemas"]["GatewayMessage"];
      };
    };
    /** @description A server that the operation needs is not responding, or the request timed out. `outcome` says whether the change was made: with `not-applied`, nothing was changed; with `unknown`, the change may have been applied, completely or in part. With `not-applied`, or if the request had an `Idempotency-Key`, repeat it with the same key after `Retry-After`. A request without a key whose outcome is `unknown` would be applied twice if it is repeated: read the stock first. The response then has no `Retry-After`. A response of API Gateway itself, which has only a `message`, says nothing about the change: treat it as `unknown`. */
    KeyedChangeUnavailable: {
      headers: {
        "X-Request-Id": components["headers"]["XRequestId"];
        "Retry-After": components["headers"]["RetryAfter"];
      };
      content: {
        "application/problem+json": components["schemas"]["KeyedChangeUnavailableProblem"];
        "application/json": components["schemas"]["GatewayMessage"];
      };
    };
    /** @description An unexpected error on the server. Quote the request id when you report it. `outcome` says whether the change was made: with `not-applied`, nothing was changed; with `unknown`, the change may have been applied, completely or in part. A response of API Gateway itself, which has only a `message`, says nothing about the change: treat it as `unknown`. */
    ChangeInternalError: {
      headers: {
        "X-Request-Id": components["headers"]["XRequestId"];
      };
      content: {
        "application/problem+json": components["schemas"]["ChangeInternalErrorProblem"];
        "application/json": components["schemas"]["GatewayMessage"];
      };
    };
    /** @description The rate limit, which all clients share, is exceeded. API Gateway returns this response. */
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
     * @description The content encodings that the operation accepts: only `identity`, which means no encoding.
     * @example identity
     */
    AcceptEncoding: string;
    /**
     * @description How long the response may be cached, and by whom.
     * @example public, max-age=300
     */
    CacheControl: string;
    /**
     * @description The suggested file name.
     * @example attachment; filename="store-a-products.csv"
     */
    ContentDisposition: string;
    /**
     * @description Present when the response is compressed.
     * @example gzip
     */
    ContentEncoding: string;
    /**
     * @description The content security policy of the page.
     * @example default-src 'none'; script-src 'self'
     */
    ContentSecurityPolicy: string;
    /**
     * @description The entity tag of the current version, for `If-Match` and `If-None-Match`.
     * @example "4"
     */
    ETag: string;
    /**
     * @description The link to the next page (RFC 8288). Absent on the last page.
     * @example </stores?limit=20&cursor=eyJ2IjoxfQ>; rel="next"
     */
    Link: string;
    /**
     * @description The path of the created resource, or of the page.
     * @example /stores/store-a
     */
    Location: string;
    /**
     * @description The number of seconds to wait before a retry.
     * @example 2
     */
    RetryAfter: string;
    /**
     * @description The request header that the form of the response depends on.
     * @example accept
     */
    Vary: string;
    /**
     * @description How to authenticate (RFC 6750).
     * @example Bearer
     */
    WWWAuthenticate: string;
    /**
     * @description The id of the request, which is also in the log.
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
   * Lists the stores, ordered by id.
   * @description Requires the scope `stores:read`.
   */
  "list-stores": {
    parameters: {
      query?: {
        /**
         * @description The maximum number of items in a page.
         * @example 20
         */
        limit?: number;
        /** @description The `next` of the previous page, for the same filters and sort order. Omit it to get the first page. */
        cursor?: string;
        /** @description Only stores on this cluster. */
        cluster?: string;
      };
    };
    responses: {
      /** @description The request succeeded. */
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
   * Creates a store with its own database.
   * @description Requires the scope `stores:admin`.
   */
  "create-store": {
    parameters: {
      header?: {
        /** @description A key that the client chooses for this request. For 24 hours, a retry with the same key and the same request returns the first response; a different request with the same key in the same store is rejected. In another store, the same key is another key. */
        "Idempotency-Key"?: string;
      };
    };
    /** @description At most 256 kB, in UTF-8, uncompressed. */
    requestBody: {
      content: {
        /**
         * @example {
         *   "id": "store-c",
         *   "name": "Store C",
         *   "currency": "USD"
         * }
         */
        "application/json": components["schemas"]["StoreInput"];
      };
    };
    responses: {
      /** @description The resource was created. */
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
       * @description Duplicate key: The unique key in `key` is already in use: the SKU of a product, or the id of a store.
       *
       * Store is being created: Another request is creating a store with the same id, and its outcome is not known yet.
       *
       * Request still running: A request in the same store with the same `Idempotency-Key` is running, or was interrupted and its outcome is not certain yet. `Retry-After` is the time until it has ended at the latest.
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
      /**
       * @description Unknown cluster: The `cluster` of the new store does not exist; `errors` names those that do. Nothing was changed.
       *
       * Idempotency-Key reused: The `Idempotency-Key` was already used for a different request in the same store.
       */
      422: {
        headers: {
          "X-Request-Id": components["headers"]["XRequestId"];
        };
        content: {
          "application/problem+json": components["schemas"]["UnknownClusterProblem"] | components["schemas"]["KeyReusedProblem"];
        };
      };
      429: components["responses"]["TooManyRequests"];
      500: components["responses"]["ChangeInternalError"];
      503: components["responses"]["ChangeUnavailable"];
    };
  };
  /**
   * Returns a store.
   * @description Requires the scope `stores:read`.
   */
  "get-store": {
    parameters: {
      header?: {
        /** @description A list of ETags, or `*`. If one of them matches the current version, the response is 304 without a body. */
        "If-None-Match"?: string;
      };
      path: {
        /**
         * @description The id of the store.
         * @example store-a
         */
        store: string;
      };
    };
    responses: {
      /** @description The request succeeded. */
      200: {
        headers: {
          "X-Request-Id": components["headers"]["XRequestId"];
          ETag: components["headers"]["ETag"];
        };
        content: {
          "application/json": components["schemas"]["Store"];
        };
      };
      /** @description The client already has the current version. */
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
   * Archives the products of a store, then drops its database. Repeat it until the store is closed.
   * @description Requires the scope `stores:admin`.
   */
  "close-store": {
    parameters: {
      header?: {
        /** @description A list of ETags, such as `"3"`, or `*`. The change is made only if one of them matches the current version. Without the header, the change is unconditional. */
        "If-Match"?: string;
      };
      path: {
        /**
         * @description The id of the store.
         * @example pop-up
         */
        store: string;
      };
    };
    responses: {
      /** @description The request succeeded. */
      200: {
        headers: {
          "X-Request-Id": components["headers"]["XRequestId"];
        };
        content: {
          "application/json": components["schemas"]["StoreClosing"];
        };
      };
      /** @description The work is not finished. Repeat the request after `Retry-After` to continue it. */
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
      500: components["responses"]["ChangeInternalError"];
      503: components["responses"]["ChangeUnavailable"];
    };
  };
  /**
   * Renames, suspends or resumes a store with a JSON merge patch.
   * @description Requires the scope `stores:admin`.
   */
  "update-store": {
    parameters: {
      header?: {
        /** @description A list of ETags, such as `"3"`, or `*`. The change is made only if one of them matches the current version. Without the header, the change is unconditional. */
        "If-Match"?: string;
      };
      path: {
        /**
         * @description The id of the store.
         * @example store-a
         */
        store: string;
      };
    };
    /** @description At most 256 kB, in UTF-8, uncompressed. */
    requestBody: {
      content: {
        /**
         * @example {
         *   "name": "Store A, Berlin"
         * }
         */
        "application/merge-patch+json": components["schemas"]["StorePatch"];
        /**
         * @example {
         *   "name": "Store A, Berlin"
         * }
         */
        "application/json": components["schemas"]["StorePatch"];
      };
    };
    responses: {
      /** @description The request succeeded. */
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
      500: components["responses"]["ChangeInternalError"];
      503: components["responses"]["ChangeUnavailable"];
    };
  };
  /**
   * Lists, filters and searches the products of the head catalog or of a store.
   * @description For the head catalog. Requires the scope `products:read`.
   */
  "list-products": {
    parameters: {
      query?: {
        /**
         * @description The maximum number of items in a page.
         * @example 20
         */
        limit?: number;
        /** @description The `next` of the previous page, for the same filters and sort order. Omit it to get the first page. */
        cursor?: string;
        /**
         * @description Search words. Each must be the beginning of a word in the product’s SKU, name, category, tags or description. Case and accents are ignored.
         * @example lap
         */
        q?: string;
        /**
         * @description Only products in this category.
         * @example Electronics
         */
        category?: string;
        /**
         * @description Only products with this tag.
         * @example computer
         */
        tag?: string;
        /** @description Only products with this status. */
        status?: "draft" | "active";
        /** @description Only products with at least this price, in the minor unit of their currency. */
        minPrice?: number;
        /** @description Only products with at most this price, in the minor unit of their currency. */
        maxPrice?: number;
        /**
         * @description The sort order. A leading hyphen means descending.
         * @example -price
         */
        sort?: "name" | "price" | "createdAt" | "updatedAt" | "-name" | "-price" | "-createdAt" | "-updatedAt";
      };
    };
    responses: {
      /** @description The request succeeded. */
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
   * Creates a product in the head catalog or in a store.
   * @description For the head catalog. Requires the scope `products:write`.
   */
  "create-product": {
    parameters: {
      header?: {
        /**
         * @description A key that the client chooses for this request. For 24 hours, a retry with the same key and the same request returns the first response; a different request with the same key in the same store is rejected. In another store, the same key is another key.
         * @example b4f6c1de-0a53-4d5c-9f0b-7c8f2f1f9a10
         */
        "Idempotency-Key"?: string;
      };
    };
    /** @description At most 256 kB, in UTF-8, uncompressed. */
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
         *     "currency": "USD"
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
      /** @description The resource was created. */
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
       * @description Duplicate key: The unique key in `key` is already in use: the SKU of a product, or the id of a store.
       *
       * Request still running: A request in the same store with the same `Idempotency-Key` is running, or was interrupted and its outcome is not certain yet. `Retry-After` is the time until it has ended at the latest.
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
      500: components["responses"]["ChangeInternalError"];
      503: components["responses"]["ChangeUnavailable"];
    };
  };
  /**
   * Lists, filters and searches the products of the head catalog or of a store.
   * @description For a store. Requires the scope `products:read`.
   */
  "list-products-in-store": {
    parameters: {
      query?: {
        /**
         * @description The maximum number of items in a page.
         * @example 20
         */
        limit?: number;
        /** @description The `next` of the previous page, for the same filters and sort order. Omit it to get the first page. */
        cursor?: string;
        /**
         * @description Search words. Each must be the beginning of a word in the product’s SKU, name, category, tags or description. Case and accents are ignored.
         * @example lap
         */
        q?: string;
        /**
         * @description Only products in this category.
         * @example Electronics
         */
        category?: string;
        /**
         * @description Only products with this tag.
         * @example computer
         */
        tag?: string;
        /** @description Only products with this status. */
        status?: "draft" | "active";
        /** @description Only products with at least this price, in the minor unit of their currency. */
        minPrice?: number;
        /** @description Only products with at most this price, in the minor unit of their currency. */
        maxPrice?: number;
        /**
         * @description The sort order. A leading hyphen means descending.
         * @example -price
         */
        sort?: "name" | "price" | "createdAt" | "updatedAt" | "-name" | "-price" | "-createdAt" | "-updatedAt";
      };
      path: {
        /**
         * @description The id of the store.
         * @example store-a
         */
        store: string;
      };
    };
    responses: {
      /** @description The request succeeded. */
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
   * Creates a product in the head catalog or in a store.
   * @description For a store. Requires the scope `products:write`.
   */
  "create-product-in-store": {
    parameters: {
      header?: {
        /**
         * @description A key that the client chooses for this request. For 24 hours, a retry with the same key and the same request returns the first response; a different request with the same key in the same store is rejected. In another store, the same key is another key.
         * @example b4f6c1de-0a53-4d5c-9f0b-7c8f2f1f9a10
         */
        "Idempotency-Key"?: string;
      };
      path: {
        /**
         * @description The id of the store.
         * @example store-a
         */
        store: string;
      };
    };
    /** @description At most 256 kB, in UTF-8, uncompressed. */
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
         *     "currency": "USD"
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
      /** @description The resource was created. */
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
       * @description Duplicate key: The unique key in `key` is already in use: the SKU of a product, or the id of a store.
       *
       * Store not writable: The store does not accept changes: it is suspended, closing or closed.
       *
       * Request still running: A request in the same store with the same `Idempotency-Key` is running, or was interrupted and its outcome is not certain yet. `Retry-After` is the time until it has ended at the latest.
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
      500: components["responses"]["ChangeInternalError"];
      503: components["responses"]["ChangeUnavailable"];
    };
  };
  /**
   * Returns a product of the head catalog or of a store.
   * @description For the head catalog. Requires the scope `products:read`.
   */
  "get-product": {
    parameters: {
      header?: {
        /** @description A list of ETags, or `*`. If one of them matches the current version, the response is 304 without a body. */
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
      /** @description The request succeeded. */
      200: {
        headers: {
          "X-Request-Id": components["headers"]["XRequestId"];
          ETag: components["headers"]["ETag"];
        };
        content: {
          "application/json": components["schemas"]["Product"];
        };
      };
      /** @description The client already has the current version. */
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
   * Removes a product from its catalog and keeps it in the archive.
   * @description For the head catalog. Requires the scope `products:write`.
   */
  "archive-product": {
    parameters: {
      header?: {
        /** @description A list of ETags, such as `"3"`, or `*`. The change is made only if one of them matches the current version. Without the header, the change is unconditional. */
        "If-Match"?: string;
      };
      path: {
        /**
         * @description The id of the product.
         * @example 6743f1c2a9b0c4d5e6f70803
         */
        product: string;
      };
    };
    responses: {
      /** @description The request succeeded. There is no content. */
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
      500: components["responses"]["ChangeInternalError"];
      503: components["responses"]["ChangeUnavailable"];
    };
  };
  /**
   * Updates a product with a JSON merge patch.
   * @description For the head catalog. Requires the scope `products:write`.
   */
  "update-product": {
    parameters: {
      header?: {
        /**
         * @description A list of ETags, such as `"3"`, or `*`. The change is made only if one of them matches the current version. Without the header, the change is unconditional.
         * @example *
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
    /** @description At most 256 kB, in UTF-8, uncompressed. */
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
      /** @description The request succeeded. */
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
      500: components["responses"]["ChangeInternalError"];
      503: components["responses"]["ChangeUnavailable"];
    };
  };
  /**
   * Returns a product of the head catalog or of a store.
   * @description For a store. Requires the scope `products:read`.
   */
  "get-product-in-store": {
    parameters: {
      header?: {
        /** @description A list of ETags, or `*`. If one of them matches the current version, the response is 304 without a body. */
        "If-None-Match"?: string;
      };
      path: {
        /**
         * @description The id of the store.
         * @example store-a
         */
        store: string;
        /**
         * @description The id of the product.
         * @example 6743f1c2a9b0c4d5e6f70811
         */
        product: string;
      };
    };
    responses: {
      /** @description The request succeeded. */
      200: {
        headers: {
          "X-Request-Id": components["headers"]["XRequestId"];
          ETag: components["headers"]["ETag"];
        };
        content: {
          "application/json": components["schemas"]["Product"];
        };
      };
      /** @description The client already has the current version. */
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
   * Removes a product from its catalog and keeps it in the archive.
   * @description For a store. Requires the scope `products:write`.
   */
  "archive-product-in-store": {
    parameters: {
      header?: {
        /** @description A list of ETags, such as `"3"`, or `*`. The change is made only if one of them matches the current version. Without the header, the change is unconditional. */
        "If-Match"?: string;
      };
      path: {
        /**
         * @description The id of the store.
         * @example store-a
         */
        store: string;
        /**
         * @description The id of the product.
         * @example 6743f1c2a9b0c4d5e6f70813
         */
        product: string;
      };
    };
    responses: {
      /** @description The request succeeded. There is no content. */
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
      500: components["responses"]["ChangeInternalError"];
      503: components["responses"]["ChangeUnavailable"];
    };
  };
  /**
   * Updates a product with a JSON merge patch.
   * @description For a store. Requires the scope `products:write`.
   */
  "update-product-in-store": {
    parameters: {
      header?: {
        /**
         * @description A list of ETags, such as `"3"`, or `*`. The change is made only if one of them matches the current version. Without the header, the change is unconditional.
         * @example *
         */
        "If-Match"?: string;
      };
      path: {
        /**
         * @description The id of the store.
         * @example store-a
         */
        store: string;
        /**
         * @description The id of the product.
         * @example 6743f1c2a9b0c4d5e6f70811
         */
        product: string;
      };
    };
    /** @description At most 256 kB, in UTF-8, uncompressed. */
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
      /** @description The request succeeded. */
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
       * @description Duplicate key: The unique key in `key` is already in use: the SKU of a product, or the id of a store.
       *
       * Store not writable: The store does not accept changes: it is suspended, closing or closed.
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
      500: components["responses"]["ChangeInternalError"];
      503: components["responses"]["ChangeUnavailable"];
    };
  };
  /**
   * Copies a product of the head catalog to stores, or updates their copies.
   * @description Requires the scope `products:write`.
   */
  "publish-product": {
    parameters: {
      header?: {
        /** @description A key that the client chooses for this request. For 24 hours, a retry with the same key and the same request returns the first response; a different request with the same key in the same store is rejected. In another store, the same key is another key. */
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
    /** @description At most 256 kB, in UTF-8, uncompressed. */
    requestBody: {
      content: {
        "application/json": components["schemas"]["PublicationInput"];
      };
    };
    responses: {
      /** @description The request succeeded. */
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
      500: components["responses"]["ChangeInternalError"];
      503: components["responses"]["ChangeUnavailable"];
    };
  };
  /**
   * Increases or decreases a product's stock, which never goes below zero.
   * @description Requires the scope `stock:write`.
   */
  "adjust-stock": {
    parameters: {
      header?: {
        /** @description A key that the client chooses for this request. For 24 hours, a retry with the same key and the same request returns the first response; a different request with the same key in the same store is rejected. In another store, the same key is another key. */
        "Idempotency-Key"?: string;
      };
      path: {
        /**
         * @description The id of the store.
         * @example store-a
         */
        store: string;
        /**
         * @description The id of the product.
         * @example 6743f1c2a9b0c4d5e6f70811
         */
        product: string;
      };
    };
    /** @description At most 256 kB, in UTF-8, uncompressed. */
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
      /** @description The request succeeded. */
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
       * @description Store not writable: The store does not accept changes: it is suspended, closing or closed.
       *
       * Insufficient stock: The change would take the stock below zero. `stock` is the current stock.
       *
       * Stock too large: The change would take the stock above the maximum. `stock` is the current stock.
       *
       * Request still running: A request in the same store with the same `Idempotency-Key` is running, or was interrupted and its outcome is not certain yet. `Retry-After` is the time until it has ended at the latest.
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
      500: components["responses"]["ChangeInternalError"];
      503: components["responses"]["KeyedChangeUnavailable"];
    };
  };
  /**
   * Transfers stock of a product from one store to another in one transaction.
   * @description Requires the scope `stock:write`.
   */
  "transfer-stock": {
    parameters: {
      header?: {
        /** @description A key that the client chooses for this request. For 24 hours, a retry with the same key and the same request returns the first response; a different request with the same key in the same store is rejected. In another store, the same key is another key. */
        "Idempotency-Key"?: string;
      };
    };
    /** @description At most 256 kB, in UTF-8, uncompressed. */
    requestBody: {
      content: {
        /**
         * @example {
         *   "from": "store-a",
         *   "to": "store-b",
         *   "sku": "HEAD-WL",
         *   "quantity": 3
         * }
         */
        "application/json": components["schemas"]["TransferInput"];
      };
    };
    responses: {
      /** @description The resource was created. */
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
       * @description Store not writable: The store does not accept changes: it is suspended, closing or closed.
       *
       * Different clusters: The stores are on different clusters. Stock can only be transferred within a cluster. Nothing was changed.
       *
       * Insufficient stock: The change would take the stock below zero. `stock` is the current stock.
       *
       * Stock too large: The change would take the stock above the maximum. `stock` is the current stock.
       *
       * Request still running: A request in the same store with the same `Idempotency-Key` is running, or was interrupted and its outcome is not certain yet. `Retry-After` is the time until it has ended at the latest.
       */
      409: {
        headers: {
          "X-Request-Id": components["headers"]["XRequestId"];
          "Retry-After": components["headers"]["RetryAfter"];
        };
        content: {
          "application/problem+json": components["schemas"]["StoreNotWritableProblem"] | components["schemas"]["DifferentClustersProblem"] | components["schemas"]["InsufficientStockProblem"] | components["schemas"]["StockTooLargeProblem"] | components["schemas"]["StillRunningProblem"];
        };
      };
      413: components["responses"]["ContentTooLarge"];
      415: components["responses"]["UnsupportedMediaType"];
      422: components["responses"]["KeyReused"];
      429: components["responses"]["TooManyRequests"];
      500: components["responses"]["ChangeInternalError"];
      503: components["responses"]["KeyedChangeUnavailable"];
    };
  };
  /**
   * Creates and updates products by SKU from a JSON, NDJSON or CSV file.
   * @description For the head catalog. Requires the scope `products:write`.
   */
  "import-products": {
    parameters: {
      header?: {
        /** @description A key that the client chooses for this request. For 24 hours, a retry with the same key and the same request returns the first response; a different request with the same key in the same store is rejected. In another store, the same key is another key. */
        "Idempotency-Key"?: string;
      };
    };
    /** @description At most 6000 kB, in UTF-8, uncompressed. */
    requestBody: {
      content: {
        /**
         * @example [
         *   {
         *     "sku": "CHAIR-01",
         *     "name": "Chair",
         *     "price": {
         *       "amount": 8900,
         *       "currency": "USD"
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
         * DESK-01,Desk,office|wood,24900,USD,7,oak
         */
        "text/csv": string;
      };
    };
    responses: {
      /** @description The request succeeded. */
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
      500: components["responses"]["ChangeInternalError"];
      503: components["responses"]["ChangeUnavailable"];
    };
  };
  /**
   * Creates and updates products by SKU from a JSON, NDJSON or CSV file.
   * @description For a store. Requires the scope `products:write`.
   */
  "import-products-in-store": {
    parameters: {
      header?: {
        /** @description A key that the client chooses for this request. For 24 hours, a retry with the same key and the same request returns the first response; a different request with the same key in the same store is rejected. In another store, the same key is another key. */
        "Idempotency-Key"?: string;
      };
      path: {
        /**
         * @description The id of the store.
         * @example store-a
         */
        store: string;
      };
    };
    /** @description At most 6000 kB, in UTF-8, uncompressed. */
    requestBody: {
      content: {
        /**
         * @example [
         *   {
         *     "sku": "CHAIR-01",
         *     "name": "Chair",
         *     "price": {
         *       "amount": 8900,
         *       "currency": "USD"
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
         * DESK-01,Desk,office|wood,24900,USD,7,oak
         */
        "text/csv": string;
      };
    };
    responses: {
      /** @description The request succeeded. */
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
       * @description Store not writable: The store does not accept changes: it is suspended, closing or closed.
       *
       * Request still running: A request in the same store with the same `Idempotency-Key` is running, or was interrupted and its outcome is not certain yet. `Retry-After` is the time until it has ended at the latest.
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
      500: components["responses"]["ChangeInternalError"];
      503: components["responses"]["ChangeUnavailable"];
    };
  };
  /**
   * Exports products as NDJSON or CSV, in pages that can be imported again.
   * @description For the head catalog. Requires the scope `products:read`.
   */
  "export-products": {
    parameters: {
      query?: {
        /**
         * @description The file format. Defaults to the type that the `Accept` header prefers, or NDJSON.
         * @example csv
         */
        format?: "ndjson" | "csv";
        /** @description The maximum number of items in a page. */
        limit?: number;
        /** @description The `next` of the previous page, for the same filters and sort order. Omit it to get the first page. */
        cursor?: string;
      };
    };
    responses: {
      /** @description The request succeeded. */
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
   * Exports products as NDJSON or CSV, in pages that can be imported again.
   * @description For a store. Requires the scope `products:read`.
   */
  "export-products-in-store": {
    parameters: {
      query?: {
        /**
         * @description The file format. Defaults to the type that the `Accept` header prefers, or NDJSON.
         * @example csv
         */
        format?: "ndjson" | "csv";
        /** @description The maximum number of items in a page. */
        limit?: number;
        /** @description The `next` of the previous page, for the same filters and sort order. Omit it to get the first page. */
        cursor?: string;
      };
      path: {
        /**
         * @description The id of the store.
         * @example store-a
         */
        store: string;
      };
    };
    responses: {
      /** @description The request succeeded. */
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
   * Lists the records in a store's archive, newest first.
   * @description Requires the scope `products:read`.
   */
  "list-archive": {
    parameters: {
      query?: {
        /** @description The maximum number of items in a page. */
        limit?: number;
        /** @description The `next` of the previous page, for the same filters and sort order. Omit it to get the first page. */
        cursor?: string;
      };
      path: {
        /**
         * @description The id of the store.
         * @example store-a
         */
        store: string;
      };
    };
    responses: {
      /** @description The request succeeded. */
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
   * Adds records of any shape to a store's archive.
   * @description Requires the scope `archive:write`.
   */
  "ingest-archive": {
    parameters: {
      header?: {
        /** @description A key that the client chooses for this request. For 24 hours, a retry with the same key and the same request returns the first response; a different request with the same key in the same store is rejected. In another store, the same key is another key. */
        "Idempotency-Key"?: string;
      };
      path: {
        /**
         * @description The id of the store.
         * @example store-a
         */
        store: string;
      };
    };
    /** @description At most 6000 kB, in UTF-8, uncompressed. */
    requestBody: {
      content: {
        "application/json": components["schemas"]["OldRecords"];
      };
    };
    responses: {
      /** @description The resource was created. */
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
       * @description Store not writable: The store does not accept changes: it is suspended, closing or closed.
       *
       * Request still running: A request in the same store with the same `Idempotency-Key` is running, or was interrupted and its outcome is not certain yet. `Retry-After` is the time until it has ended at the latest.
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
      500: components["responses"]["ChangeInternalError"];
      503: components["responses"]["ChangeUnavailable"];
    };
  };
  /**
   * Returns a record from a store's archive, with all its original fields.
   * @description Requires the scope `products:read`.
   */
  "get-archived-product": {
    parameters: {
      path: {
        /**
         * @description The id of the store.
         * @example store-a
         */
        store: string;
        /**
         * @description The id of the product.
         * @example be79440e4369d867639f0fb6
         */
        product: string;
      };
    };
    responses: {
      /** @description The request succeeded. */
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
   * Restores a record from a store's archive as a product that matches the current schema.
   * @description Requires the scope `products:write`.
   */
  "restore-product": {
    parameters: {
      header?: {
        /** @description A key that the client chooses for this request. For 24 hours, a retry with the same key and the same request returns the first response; a different request with the same key in the same store is rejected. In another store, the same key is another key. */
        "Idempotency-Key"?: string;
      };
      path: {
        /**
         * @description The id of the store.
         * @example store-a
         */
        store: string;
        /**
         * @description The id of the product.
         * @example c53a735e7234410ab4c4bd1f
         */
        product: string;
      };
    };
    /** @description At most 256 kB, in UTF-8, uncompressed. */
    requestBody?: {
      content: {
        /**
         * @example {
         *   "sku": "WATCH-1",
         *   "price": {
         *     "amount": 19999,
         *     "currency": "USD"
         *   },
         *   "extraField": null,
         *   "timestamp": null
         * }
         */
        "application/merge-patch+json": components["schemas"]["RestorationPatch"];
        /**
         * @example {
         *   "sku": "WATCH-1",
         *   "price": {
         *     "amount": 19999,
         *     "currency": "USD"
         *   },
         *   "extraField": null,
         *   "timestamp": null
         * }
         */
        "application/json": components["schemas"]["RestorationPatch"];
      };
    };
    responses: {
      /** @description The resource was created. */
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
       * @description Duplicate key: The unique key in `key` is already in use: the SKU of a product, or the id of a store.
       *
       * Store not writable: The store does not accept changes: it is suspended, closing or closed.
       *
       * Request still running: A request in the same store with the same `Idempotency-Key` is running, or was interrupted and its outcome is not certain yet. `Retry-After` is the time until it has ended at the latest.
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
       * @description Record drifted: The archived record does not match the current product schema; `errors` lists the faults. Nothing was changed.
       *
       * Idempotency-Key reused: The `Idempotency-Key` was already used for a different request in the same store.
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
      500: components["responses"]["ChangeInternalError"];
      503: components["responses"]["ChangeUnavailable"];
    };
  };
  /**
   * Lists, filters and searches the products of all stores in the mirror.
   * @description Requires the scope `reports:read`.
   */
  "search-products": {
    parameters: {
      query?: {
        /** @description The maximum number of items in a page. */
        limit?: number;
        /** @description The `next` of the previous page, for the same filters and sort order. Omit it to get the first page. */
        cursor?: string;
        /**
         * @description Search words. Each must be the beginning of a word in the product’s SKU, name, category, tags or description. Case and accents are ignored.
         * @example laptop
         */
        q?: string;
        /** @description Only products in this category. */
        category?: string;
        /** @description Only products with this tag. */
        tag?: string;
        /** @description Only products with this status. */
        status?: "draft" | "active";
        /** @description Only products with at least this price, in the minor unit of their currency. */
        minPrice?: number;
        /**
         * @description Only products with at most this price, in the minor unit of their currency.
         * @example 150000
         */
        maxPrice?: number;
        /** @description The sort order. A leading hyphen means descending. */
        sort?: "name" | "price" | "createdAt" | "updatedAt" | "-name" | "-price" | "-createdAt" | "-updatedAt";
        /** @description Only results from this store. */
        store?: string;
      };
    };
    responses: {
      /** @description The request succeeded. */
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
   * Summarizes the data on both servers, or on the one that responds, and pings every cluster.
   * @description Requires the scope `reports:read`.
   */
  "report-overview": {
    responses: {
      /** @description The request succeeded. */
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
   * Reports the products, units, stock value and low-stock products of each store.
   * @description Requires the scope `reports:read`.
   */
  "report-stores": {
    parameters: {
      query?: {
        /** @description The maximum number of items in a page. */
        limit?: number;
        /** @description The `next` of the previous page, for the same filters and sort order. Omit it to get the first page. */
        cursor?: string;
        /**
         * @description The highest stock at which a product counts as low on stock. The default is 5.
         * @example 5
         */
        lowStock?: number;
      };
    };
    responses: {
      /** @description The request succeeded. */
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
   * Lists a store's daily figures, newest first, even after the store is closed.
   * @description Requires the scope `reports:read`.
   */
  "report-history": {
    parameters: {
      query?: {
        /** @description The maximum number of items in a page. */
        limit?: number;
        /** @description The `next` of the previous page, for the same filters and sort order. Omit it to get the first page. */
        cursor?: string;
        /**
         * @description The first day (UTC), inclusive.
         * @example 2026-11-01
         */
        from?: string;
        /**
         * @description The last day (UTC), inclusive.
         * @example 2026-11-30
         */
        to?: string;
      };
      path: {
        /**
         * @description The id of the store.
         * @example store-a
         */
        store: string;
      };
    };
    responses: {
      /** @description The request succeeded. */
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
   * Reports how archived records differ from the current product schema.
   * @description Requires the scope `reports:read`.
   */
  "report-drift": {
    parameters: {
      query?: {
        /**
         * @description Only results from this store.
         * @example store-a
         */
        store?: string;
      };
    };
    responses: {
      /** @description The request succeeded. */
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
   * Pings each database server and reports its response time.
   * @description No token is required.
   */
  "get-health": {
    responses: {
      /** @description The request succeeded. */
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
   * Serves the OpenAPI 3.1 document of this API.
   * @description No token is required.
   */
  "get-openapi": {
    parameters: {
      header?: {
        /** @description A list of ETags, or `*`. If one of them matches the current version, the response is 304 without a body. */
        "If-None-Match"?: string;
      };
    };
    responses: {
      /** @description The request succeeded. */
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
      /** @description The client already has the current version. */
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
   * Serves the interactive API documentation, to which `/` redirects.
   * @description No token is required.
   */
  "get-docs": {
    parameters: {
      header?: {
        /** @description A list of ETags, or `*`. If one of them matches the current version, the response is 304 without a body. */
        "If-None-Match"?: string;
      };
    };
    responses: {
      /** @description The request succeeded. */
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
      /** @description The client already has the current version. */
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
   * Serves the interactive API documentation, to which `/` redirects.
   * @description No token is required.
   */
  "get-docs-asset": {
    parameters: {
      header?: {
        /** @description A list of ETags, or `*`. If one of them matches the current version, the response is 304 without a body. */
        "If-None-Match"?: string;
      };
      path: {
        /**
         * @description The name of an asset of the page.
         * @example page.js
         */
        asset: "page.html" | "page.css" | "page.js" | "icon.svg" | "swagger-ui.css" | "swagger-ui-bundle.js";
      };
    };
    responses: {
      /** @description The request succeeded. */
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
      /** @description The client already has the current version. */
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
  /**
   * Serves the interactive API documentation, to which `/` redirects.
   * @description No token is required.
   */
  "get-docs-root": {
    parameters: {
      header?: {
        /** @description A list of ETags, or `*`. If one of them matches the current version, the response is 304 without a body. */
        "If-None-Match"?: string;
      };
    };
    responses: {
      /** @description The resource is at the address in `Location`. */
      302: {
        headers: {
          "X-Request-Id": components["headers"]["XRequestId"];
          Location: components["headers"]["Location"];
        };
        content: never;
      };
      400: components["responses"]["InvalidRequest"];
      429: components["responses"]["TooManyRequests"];
      500: components["responses"]["InternalError"];
      503: components["responses"]["Unavailable"];
    };
  };
}

export type ApiDocument = components["schemas"]["ApiDocument"];
export type ArchiveEntry = components["schemas"]["ArchiveEntry"];
export type ArchivePage = components["schemas"]["ArchivePage"];
export type ArchivedProduct = components["schemas"]["ArchivedProduct"];
export type BeingOpenedProblem = components["schemas"]["BeingOpenedProblem"];
export type ChangeInternalErrorProblem = components["schemas"]["ChangeInternalErrorProblem"];
export type ChangeUnavailableProblem = components["schemas"]["ChangeUnavailableProblem"];
export type Connection = components["schemas"]["Connection"];
export type ContentTooLargeProblem = components["schemas"]["ContentTooLargeProblem"];
export type Currency = components["schemas"]["Currency"];
export type DayFigures = components["schemas"]["DayFigures"];
export type DayFiguresPage = components["schemas"]["DayFiguresPage"];
export type DifferentClustersProblem = components["schemas"]["DifferentClustersProblem"];
export type Drift = components["schemas"]["Drift"];
export type DriftItem = components["schemas"]["DriftItem"];
export type DriftedProblem = components["schemas"]["DriftedProblem"];
export type DuplicateKeyProblem = components["schemas"]["DuplicateKeyProblem"];
export type FailedRow = components["schemas"]["FailedRow"];
export type Fault = components["schemas"]["Fault"];
export type ForbiddenProblem = components["schemas"]["ForbiddenProblem"];
export type GatewayMessage = components["schemas"]["GatewayMessage"];
export type Health = components["schemas"]["Health"];
export type Id = components["schemas"]["Id"];
export type ImportResult = components["schemas"]["ImportResult"];
export type ImportRow = components["schemas"]["ImportRow"];
export type ImportRows = components["schemas"]["ImportRows"];
export type Ingested = components["schemas"]["Ingested"];
export type Instant = components["schemas"]["Instant"];
export type InsufficientStockProblem = components["schemas"]["InsufficientStockProblem"];
export type InternalErrorProblem = components["schemas"]["InternalErrorProblem"];
export type InvalidRequestProblem = components["schemas"]["InvalidRequestProblem"];
export type KeyReusedProblem = components["schemas"]["KeyReusedProblem"];
export type KeyedChangeUnavailableProblem = components["schemas"]["KeyedChangeUnavailableProblem"];
export type Money = components["schemas"]["Money"];
export type NotFoundProblem = components["schemas"]["NotFoundProblem"];
export type OldRecord = components["schemas"]["OldRecord"];
export type OldRecords = components["schemas"]["OldRecords"];
export type Overview = components["schemas"]["Overview"];
export type Product = components["schemas"]["Product"];
export type NewProduct = components["schemas"]["ProductInput"];
export type ProductPage = components["schemas"]["ProductPage"];
export type ProductPatch = components["schemas"]["ProductPatch"];
export type Publication = components["schemas"]["Publication"];
export type NewPublication = components["schemas"]["PublicationInput"];
export type PublicationResult = components["schemas"]["PublicationResult"];
export type RestorationPatch = components["schemas"]["RestorationPatch"];
export type SearchPage = components["schemas"]["SearchPage"];
export type StaleTagProblem = components["schemas"]["StaleTagProblem"];
export type StillRunningProblem = components["schemas"]["StillRunningProblem"];
export type StockAdjustment = components["schemas"]["StockAdjustment"];
export type StockTooLargeProblem = components["schemas"]["StockTooLargeProblem"];
export type Store = components["schemas"]["Store"];
export type StoreClosing = components["schemas"]["StoreClosing"];
export type StoreFigures = components["schemas"]["StoreFigures"];
export type StoreFiguresPage = components["schemas"]["StoreFiguresPage"];
export type StoreId = components["schemas"]["StoreId"];
export type NewStore = components["schemas"]["StoreInput"];
export type StoreNotWritableProblem = components["schemas"]["StoreNotWritableProblem"];
export type StorePage = components["schemas"]["StorePage"];
export type StorePatch = components["schemas"]["StorePatch"];
export type Transfer = components["schemas"]["Transfer"];
export type NewTransfer = components["schemas"]["TransferInput"];
export type UnauthorizedProblem = components["schemas"]["UnauthorizedProblem"];
export type UnavailableProblem = components["schemas"]["UnavailableProblem"];
export type UnknownClusterProblem = components["schemas"]["UnknownClusterProblem"];
export type UnsupportedMediaTypeProblem = components["schemas"]["UnsupportedMediaTypeProblem"];
