// Shopify's own library, asked over stdin and stdout: one JSON question a line, one JSON answer a line.
// Arguments: the app's API key and secret.
import {createInterface} from 'node:readline';

import '@shopify/shopify-api/adapters/node';
import {ApiVersion, shopifyApi} from '@shopify/shopify-api';
import {getHmac, getJwt} from '@shopify/shopify-api/test-helpers';
// The library verifies queries for everybody but signs them only for itself: this is the part it signs with.
import {generateLocalHmac} from '../../node_modules/@shopify/shopify-api/dist/esm/lib/utils/hmac-validator.mjs';

const [apiKey, apiSecretKey] = process.argv.slice(2);
const shopify = shopifyApi({
  apiKey,
  apiSecretKey,
  apiVersion: ApiVersion.October26,
  hostName: 'aftercare.example.com',
  isEmbeddedApp: true,
  logger: {level: 0},
});

const answers = {
  signWebhook: ({body}) => getHmac(body, apiSecretKey),
  checkWebhook: ({body, headers}) =>
    shopify.webhooks
      .validate({rawBody: body, rawRequest: {method: 'POST', url: '/webhooks', headers}, rawResponse: {}})
      .then(({valid, reason}) => valid || reason),
  signQuery: ({params}) => generateLocalHmac(shopify.config)(params),
  checkQuery: ({query}) => shopify.utils.validateHmac(Object.fromEntries(new URLSearchParams(query))),
  signProxy: ({params}) => generateLocalHmac(shopify.config)(params, 'appProxy'),
  checkProxy: ({query}) => shopify.utils.validateHmac(new URLSearchParams(query), {signator: 'appProxy'}),
  signToken: ({store, claims}) => getJwt(store, apiKey, apiSecretKey, claims).then(({token}) => token),
  checkToken: ({token}) => shopify.session.decodeSessionToken(token),
};

for await (const line of createInterface({input: process.stdin})) {
  const {does, ...question} = JSON.parse(line);
  const answer = await Promise.resolve(question).then(answers[does]).catch((error) => ({refused: error.message}));
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
