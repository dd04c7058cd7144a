import {getExtension} from '@shopify/ui-extensions-tester';
import {afterEach, beforeEach, describe, expect, test, vi} from 'vitest';

import {MOVING, PAINT, answers, found, link, text, translator, wait} from '../../shared/tests/page';
import {LANGUAGES} from './languages';

const extension = getExtension('customer-account.order-status.block.render');
let app: ReturnType<typeof answers>;

beforeEach(() => {
  vi.useFakeTimers();
  extension.setUp();
  extension.shopify.settings.value = {lookup_path: undefined}; // the merchant changed nothing
  extension.shopify.order.value = {id: 'gid://shopify/Order/4242', name: '#1001'};
  extension.shopify.authenticationState.value = 'fully_authenticated';
  extension.shopify.shop.storefrontUrl = 'https://shop.example.com';
  app = answers(found());
  extension.fetch = app as typeof extension.fetch;
});

afterEach(() => {
  extension.tearDown();
  vi.useRealTimers();
});

async function open() {
  await extension.render();
  await wait(PAINT);
}

describe('a buyer who is logged in', () => {
  test('sees how the order is doing', async () => {
    await open();
    expect(text()).toContain(MOVING.headline);
    expect(link('s-button')).toBe(MOVING.url);
  });

  test('is asked for without a checkout token when Shopify gives none', async () => {
    extension.shopify.checkoutToken.value = undefined;
    await open();
    expect(new URL(String(app.mock.calls[0][0])).search).toBe('?locale=en');
  });

  test('reads the calm sentence while Shopify has not finished making the order', async () => {
    extension.shopify.order.value = undefined;
    await open();
    expect(text()).toContain('not_yet');
    expect(app).not.toHaveBeenCalled();
  });
});

describe.each(Object.entries(LANGUAGES))('a visitor with nothing but the link, in %s', (code, language) => {
  beforeEach(async () => {
    extension.shopify.authenticationState.value = 'pre_authenticated';
    extension.shopify.i18n.translate = translator(code, language);
  });

  test('sees nothing of the order, and the app is asked nothing', async () => {
    await open();
    await wait(60);
    expect(text()).toContain(language.locked);
    expect(text()).not.toContain(MOVING.headline);
    expect(app).not.toHaveBeenCalled();
  });

  test('can log in, or look the order up', async () => {
    extension.shopify.requireLogin = vi.fn();
    await open();
    expect(document.querySelector('s-button')?.textContent).toBe(language.log_in);
    document.querySelector('s-button')?.dispatchEvent(new Event('click'));
    expect(extension.shopify.requireLogin).toHaveBeenCalledOnce();
    expect(link('s-link')).toBe('https://shop.example.com/apps/aftercare');
  });
});
