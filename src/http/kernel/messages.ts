/**
 * Requests and responses that are Express's own from the beginning. Express turns every request and response of Node into its own by giving
 * them another prototype, after which nothing that V8 has learned about either holds any more: a quarter of the processor time of a
 * refused request. Where they have that prototype already it changes nothing.
 */
import { IncomingMessage, ServerResponse } from 'node:http';
import express, { type Express } from 'express';

export interface Messages {
  readonly IncomingMessage: typeof IncomingMessage;
  readonly ServerResponse: typeof ServerResponse;
  /** Makes them those of this app. One app for each pair of classes: they hold its settings. */
  readonly adopt: (app: Express) => void;
}

/** Two classes for one server. */
export function makeMessages(): Messages {
  class AppRequest extends IncomingMessage {}
  class AppResponse<Request extends IncomingMessage> extends ServerResponse<Request> {}
  Object.setPrototypeOf(AppRequest.prototype, express.request);
  Object.setPrototypeOf(AppResponse.prototype, express.response);
  return {
    IncomingMessage: AppRequest,
    ServerResponse: AppResponse,
    adopt(app) {
      for (const { prototype } of [AppRequest, AppResponse]) {
        Object.defineProperty(prototype, 'app', { ...PROPERTY, value: app });
      }
      Object.assign(app, { request: AppRequest.prototype, response: AppResponse.prototype });
    },
  };
}

/** As Express defines it. */
const PROPERTY = { configurable: true, enumerable: true, writable: true } as const;
