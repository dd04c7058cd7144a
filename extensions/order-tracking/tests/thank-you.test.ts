import {getExtension} from '@shopify/ui-extensions-tester';
import {afterEach, beforeEach, describe, expect, test, vi} from 'vitest';

import {MOVING, PAINT, answers, found, link, text, translator, unknown, wait} from '../../shared/tests/page';
import {LANGUAGES} from './languages';

const extension = getExtension('purchase.thank-you.block.render');

beforeEach(() => {
  vi.useFakeTimers();
  extension.setUp();
  extension.shopify.settings.value = {lookup_path: undefined}; // the merchant changed nothing
  extension.shopify.orderConfirmation.value = {order: {id: 'gid://shopify/OrderIdentity/4242'}, isFirstOrder: true};
  extension.shopify.checkoutToken.value = 'a token/with signs';
  extension.shopify.sessionToken.get = async () => 'session-token';
  extension.shopify.shop.storefrontUrl = 'https://shop.example.com';
});

afterEach(() => {
  extension.tearDown();
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

async function open(fetch: ReturnType<typeof answers>) {
  extension.fetch = fetch as typeof extension.fetch;
  await extension.render();
  await wait(PAINT);
}

describe('a buyer who has just paid', () => {
  test('sees how the order is doing, and a button to its tracking page', async () => {
    await open(answers(found()));
    expect(text()).toContain(MOVING.headline);
    expect(link('s-button')).toBe(MOVING.url);
    expect(document.querySelector('s-icon')?.getAttribute('type')).toBe('delivery');
  });

  test('is not kept without an answer while we ask', async () => {
    extension.fetch = () => new Promise(() => {});
    await extension.render();
    await wait(PAINT);
    expect(document.querySelector('s-spinner')).not.toBeNull();
    expect(text()).toContain('looking');
  });

  test('hears the news through a screen reader, because one live region holds every line', async () => {
    extension.fetch = answers(unknown(), found()) as typeof extension.fetch;
    await extension.render();
    await wait(PAINT);
    const region = document.querySelector('[accessibilityRole="status"]');
    await wait(1);
    expect(region?.textContent).toContain(MOVING.headline);
    expect(document.querySelectorAll('[accessibilityRole="status"]')).toHaveLength(1);
  });

  test('is told of a problem in another tone', async () => {
    await open(answers(found({...MOVING, state: 'problem'})));
    expect(document.querySelector('s-icon')?.getAttribute('tone')).toBe('critical');
  });

  test('still reads the sentence when the app knows a state that this bundle does not', async () => {
    await open(answers(found({...MOVING, state: 'teleported'})));
    expect(text()).toContain(MOVING.headline);
    expect(document.querySelector('s-icon')?.getAttribute('type')).toBe('info');
  });

  test('gets the way to the lookup page when the order has no tracking page yet', async () => {
    await open(answers(found({...MOVING, url: null})));
    expect(text()).toContain(MOVING.headline);
    expect(link('s-link')).toBe('https://shop.example.com/apps/aftercare');
  });
});

describe('the app', () => {
  test('is asked for the digits of the order, with the checkout token and a session token', async () => {
    vi.stubEnv('APP_URL', 'https://tunnel.example.com');
    const app = answers(found());
    await open(app);
    const [url, init] = app.mock.calls[0];
    expect(String(url)).toBe(
      'https://tunnel.example.com/account/orders/4242?checkout_token=a+token%2Fwith+signs&locale=en',
    );
    expect(init?.headers).toEqual({Authorization: 'Bearer session-token'});
  });

  test('is asked at its deployed address when nothing was baked in', async () => {
    vi.stubEnv('APP_URL', '');
    const app = answers(found());
    await open(app);
    expect(new URL(String(app.mock.calls[0][0])).origin).toBe('https://aftercare.example.com');
  });

  test('is asked again with growing pauses while it does not know the order', async () => {
    const app = answers(unknown(), unknown(), found());
    await open(app);
    expect(app).toHaveBeenCalledTimes(1);
    await wait(1);
    expect(app).toHaveBeenCalledTimes(2);
    expect(text()).not.toContain(MOVING.headline);
    await wait(2);
    expect(text()).toContain(MOVING.headline);
  });

  test.each([
    ['does not know the order', unknown()],
    ['is out of order', new Response('', {status: 503})],
    ['cannot be reached', new TypeError('Failed to fetch')],
  ])('is left alone after five tries when it %s, and the buyer reads a calm sentence', async (_, answer) => {
    const app = answers(answer);
    await open(app);
    await wait(60);
    expect(app).toHaveBeenCalledTimes(5);
    expect(text()).toContain('not_yet');
    expect(link('s-link')).toBe('https://shop.example.com/apps/aftercare');
  });

  test('is not asked twice when it refuses the token', async () => {
    const app = answers(new Response('', {status: 401}));
    await open(app);
    await wait(60);
    expect(app).toHaveBeenCalledTimes(1);
    expect(text()).toContain('not_yet');
  });
});

test('an answer that is no answer leaves the buyer with the calm sentence', async () => {
  await open(answers(new Response('<html>a proxy speaks</html>')));
  expect(text()).toContain('not_yet');
});

describe('the lookup page', () => {
  test('is where the merchant put it', async () => {
    extension.shopify.settings.value = {lookup_path: '/community/where-is-it'};
    await open(answers(found({...MOVING, url: null})));
    expect(link('s-link')).toBe('https://shop.example.com/community/where-is-it');
  });

  test('is on the myshopify domain of a shop without a storefront address', async () => {
    extension.shopify.shop.storefrontUrl = undefined;
    extension.shopify.shop.myshopifyDomain = 'lumen-goods.myshopify.com';
    await open(answers(found({...MOVING, url: null})));
    expect(link('s-link')).toBe('https://lumen-goods.myshopify.com/apps/aftercare');
  });
});

describe.each(Object.entries(LANGUAGES))('in %s', (code, language) => {
  beforeEach(() => {
    extension.shopify.i18n.translate = translator(code, language);
  });

  test('every sentence of the block is translated', async () => {
    await open(answers(found()));
    expect(document.querySelector('s-section')?.getAttribute('heading')).toBe(language.title);
    expect(document.querySelector('s-button')?.textContent).toBe(language.track);
  });

  test('the calm sentence and the way to the lookup page are translated', async () => {
    await open(answers(unknown()));
    expect(text()).toContain(language.looking);
    await wait(60);
    expect(text()).toContain(language.not_yet);
    expect(document.querySelector('s-link')?.textContent).toBe(language.look_up);
  });
});
