// The peer of benchmarks/webhooks.py: Shopify's own library for Express, doing only what every app must do with a
// webhook, verify and answer. It keeps nothing and logs errors only. One process, as the rounds beside it have.
// Environment: PORT, SHOPIFY_API_KEY, SHOPIFY_API_SECRET; NODE_ENV=production as its documentation asks for.
import express from 'express';
import {ApiVersion, DeliveryMethod, LogSeverity} from '@shopify/shopify-api';
import {shopifyApp} from '@shopify/shopify-app-express';

const shopify = shopifyApp({
  api: {
    apiKey: process.env.SHOPIFY_API_KEY,
    apiSecretKey: process.env.SHOPIFY_API_SECRET,
    apiVersion: ApiVersion.October26,
    hostName: 'aftercare.example.com',
    hostScheme: 'https',
    isEmbeddedApp: true,
    logger: {level: LogSeverity.Error},
  },
  auth: {path: '/auth', callbackPath: '/auth/callback'},
  webhooks: {path: '/webhooks'},
});

const ORDERS_CREATE = {
  deliveryMethod: DeliveryMethod.Http,
  callbackUrl: '/webhooks',
  callback: async () => {},
};

express()
  .post('/webhooks', shopify.processWebhooks({webhookHandlers: {ORDERS_CREATE}}))
  .listen(Number(process.env.PORT), '127.0.0.1', () => console.log(`ready on ${process.env.PORT}, ${process.version}`));
