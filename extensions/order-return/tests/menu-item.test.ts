import {getExtension} from '@shopify/ui-extensions-tester';
import {afterEach, beforeEach, expect, test, vi} from 'vitest';

import {answers, broken, PAINT, translator, wait} from '../../shared/tests/page';
import {LANGUAGES} from './languages';

const extension = getExtension('customer-account.order.action.menu-item.render');

const told = (quantities: number[]) => {
  const nodes = quantities.map((quantity) => ({quantity}));
  return new Response(JSON.stringify({data: {order: {returnInformation: {returnableLineItems: {nodes}}}}}));
};
const button = () => document.querySelector('s-button');

beforeEach(() => {
  vi.useFakeTimers();
  extension.setUp();
  extension.shopify.orderId = 'gid://shopify/Order/4242';
  extension.shopify.settings.value = {label: undefined}; // the merchant changed nothing
  extension.shopify.i18n.translate = translator('en', LANGUAGES.en);
});

afterEach(() => {
  extension.tearDown();
  vi.useRealTimers();
});

async function open(answer: Response | Error) {
  const shopify = answers(answer);
  extension.fetch = shopify as typeof extension.fetch;
  await extension.render();
  await wait(PAINT);
  return shopify;
}

test('the button stands beside an order of which something can come back, as Shopify itself says', async () => {
  const shopify = await open(told([2]));
  expect(button()?.textContent).toBe(LANGUAGES.en.label);
  const [[address, sent]] = shopify.mock.calls;
  expect(String(address)).toBe('shopify://customer-account/api/2026-10/graphql.json');
  expect(JSON.parse(String(sent?.body)).variables).toEqual({id: 'gid://shopify/Order/4242'});
});

test('there is no button beside an order of which nothing was sent', async () => {
  await open(told([]));
  expect(document.body.children).toHaveLength(0);
});

test.each([
  ['does not answer', new TypeError('Failed to fetch')],
  ['is out of order', broken()],
  ['says that the app may not know', new Response(JSON.stringify({data: null, errors: [{message: 'denied'}]}))],
])('the button is there when Shopify %s, for the dialog says what is possible', async (_, answer) => {
  await open(answer);
  expect(document.body.children).toHaveLength(1); // Shopify takes one button and nothing else
  expect(button()?.attributes).toHaveLength(0); // without an address of its own it opens the dialog
});

test('the button says what the merchant wants it to', async () => {
  extension.shopify.settings.value = {label: 'Send it back'};
  await open(told([1]));
  expect(button()?.textContent).toBe('Send it back');
});
