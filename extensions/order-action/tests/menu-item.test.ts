import {getExtension} from '@shopify/ui-extensions-tester';
import {afterEach, beforeEach, expect, test} from 'vitest';

import {translator} from '../../shared/tests/page';
import {LANGUAGES} from './languages';

const extension = getExtension('customer-account.order.action.menu-item.render');

beforeEach(() => {
  extension.setUp();
  extension.shopify.settings.value = {label: undefined}; // the merchant changed nothing
});

afterEach(() => extension.tearDown());

test.each(Object.entries(LANGUAGES))('a buyer finds the button beside the order, in %s', async (code, language) => {
  extension.shopify.i18n.translate = translator(code, language);
  await extension.render();
  expect(document.body.children).toHaveLength(1); // Shopify takes one button and nothing else
  expect(document.querySelector('s-button')?.textContent).toBe(language.label);
});

test('the button opens the dialog, for it has no address of its own', async () => {
  await extension.render();
  expect(document.querySelector('s-button')?.attributes).toHaveLength(0);
});

test('the button says what the merchant wants it to', async () => {
  extension.shopify.settings.value = {label: 'Where is it?'};
  await extension.render();
  expect(document.querySelector('s-button')?.textContent).toBe('Where is it?');
});
