import {getExtension} from '@shopify/ui-extensions-tester';
import {afterEach, beforeEach, describe, expect, test, vi} from 'vitest';

import {
  PAINT, asked, attribute, broken, click, found, link, named, opened, row, speaking, text, texts, translator, wait,
} from '../../shared/tests/page';
import {LANGUAGES} from './languages';

const extension = getExtension('customer-account.page.render');
const LOOK_UP = 'https://shop.example.com/apps/aftercare';

const page = (ids: number[], older: string | null = null) =>
  found({orders: ids.map((id) => row(id, {name: `#${id}`})), older, look_up: LOOK_UP});
const refused = () => new Response(JSON.stringify({error: 'not_logged_in', look_up: LOOK_UP}), {status: 403});

beforeEach(() => {
  vi.useFakeTimers();
  extension.setUp();
  extension.shopify.settings.value = {heading: undefined}; // the merchant changed nothing
  extension.shopify.sessionToken.get = async () => 'session-token';
  extension.shopify.i18n.translate = translator('en', LANGUAGES.en);
});

afterEach(() => {
  extension.tearDown();
  vi.useRealTimers();
});

const open = (...all: (Response | Error)[]) => opened(extension, ...all);

describe('a buyer with orders', () => {
  test('sees each with its number, date and sentence, and what of it is on the way', async () => {
    const about = {name: '#1001', headline: 'On its way to you', placed: 'Jun 1, 2026', parcels: 2, returns: 1};
    await open(found({orders: [row(4711, about)], older: null, look_up: LOOK_UP}));
    expect(attribute('s-section', 'heading')).toBe('Order #1001');
    expect(text()).toContain('On its way to you');
    expect(text()).toContain('Jun 1, 2026');
    expect(texts('s-badge')).toEqual(['2 parcels', '1 open return']);
    expect(attribute('s-icon', 'type')).toBe('delivery');
  });

  test('gets to the tracking page and to the order in the account, by links that say which order', async () => {
    await open(page([4711]));
    const track = named('s-button', 'Track the order');
    expect(track?.getAttribute('href')).toBe('https://shop.example.com/apps/aftercare/x');
    expect(track?.getAttribute('accessibilityLabel')).toBe('Track order #4711');
    expect(link('s-link')).toBe('shopify:customer-account/orders/4711');
    expect(attribute('s-link', 'accessibilityLabel')).toBe('Details of order #4711');
  });

  test('is not told of parcels and returns that there are none of', async () => {
    await open(page([1]));
    expect(texts('s-badge')).toEqual([]);
  });

  test('gets older orders by a click, below those that are there, until there are no more', async () => {
    const app = await open(page([4, 3], 'a-place'), page([2, 1]));
    await click(named('s-button', 'Show more'));
    expect(asked(app)[1]).toContain('/account/orders?older=a-place&');
    const names = [...document.querySelectorAll('s-section')].map((one) => one.getAttribute('heading'));
    expect(names).toEqual(['Order #4', 'Order #3', 'Order #2', 'Order #1']);
    expect(named('s-button', 'Show more')).toBeUndefined();
  });

  test('who clicks twice while older orders come gets each once', async () => {
    let answer = (_: Response) => {};
    const app = await open(page([2], 'a-place'));
    app.mockImplementation(() => new Promise((resolve) => (answer = resolve)));
    await click(named('s-button', 'Show more'));
    await click(named('s-button', 'Show more'));
    expect(app).toHaveBeenCalledTimes(2);
    answer(page([1]));
    await wait(PAINT);
    expect(texts('s-section')).toHaveLength(2);
  });

  test('keeps what is there when older orders do not come, and gets them by trying again', async () => {
    await open(page([2], 'a-place'), broken(), page([1]));
    await click(named('s-button', 'Show more'));
    expect(texts('s-section')).toHaveLength(1);
    expect(attribute('s-banner', 'heading')).toBe(LANGUAGES.en.failed);
    await click(named('s-button', 'Try again'));
    expect(texts('s-section')).toHaveLength(2);
    expect(document.querySelector('s-banner')).toBeNull();
  });

  test('can look up an order that was placed without the account', async () => {
    await open(page([1]));
    expect(named('s-button', 'Look up an order')?.getAttribute('href')).toBe(LOOK_UP);
  });
});

describe('the app', () => {
  test('is asked once, with a session token, in the language of the page', async () => {
    Object.assign(extension.shopify.localization, speaking('fr-CA', 'fr'));
    const app = await open(page([1]));
    await wait(60);
    expect(asked(app)).toEqual(['https://aftercare.example.com/account/orders?locale=fr-CA']);
    expect(app.mock.calls[0][1]?.headers).toEqual({Authorization: 'Bearer session-token'});
  });

  test('is asked for the language that our words fall back to, where they are not in the buyer’s', async () => {
    Object.assign(extension.shopify.localization, speaking('it', 'en'));
    expect(asked(await open(page([1])))[0]).toContain('locale=en');
  });
});

test('while the app is asked, the shape of what comes is there, and a line that says so', async () => {
  extension.fetch = () => new Promise(() => {});
  await extension.render();
  await wait(PAINT);
  expect(document.querySelectorAll('s-skeleton-paragraph')).toHaveLength(3);
  expect(document.querySelector('[accessibilityRole="status"]')?.textContent).toBe(LANGUAGES.en.looking);
});

test('a buyer without orders reads so', async () => {
  await open(page([]));
  expect(text()).toContain(LANGUAGES.en.empty);
  expect(named('s-button', 'Show more')).toBeUndefined();
});

test('a buyer whom Shopify does not name is shown the way of guests', async () => {
  await open(refused());
  expect(text()).toContain(LANGUAGES.en.refused);
  expect(named('s-button', 'Look up an order')?.getAttribute('href')).toBe(LOOK_UP);
});

test.each([
  ['is out of order', broken()],
  ['cannot be reached', new TypeError('Failed to fetch')],
  ['is no app at all', new Response('<html>a proxy speaks</html>')],
  ['refuses the token', new Response('', {status: 401})],
])('a buyer can try again when the app %s', async (_, answer) => {
  await open(answer, page([1]));
  expect(attribute('s-banner', 'heading')).toBe(LANGUAGES.en.failed);
  await click(named('s-button', 'Try again'));
  expect(attribute('s-section', 'heading')).toBe('Order #1');
});

test('the page bears the heading that the merchant chose', async () => {
  extension.shopify.settings.value = {heading: 'Your treasures'};
  await open(page([1]));
  expect(attribute('s-page', 'heading')).toBe('Your treasures');
});

describe.each(Object.entries(LANGUAGES))('in %s', (code, language) => {
  beforeEach(() => {
    extension.shopify.i18n.translate = translator(code, language);
  });

  test('every word of the list is translated', async () => {
    await open(found({orders: [row(1, {parcels: 1, returns: 2})], older: 'x', look_up: LOOK_UP}));
    expect(attribute('s-page', 'heading')).toBe(language.title);
    expect(texts('s-badge')).toEqual([
      language.parcels.one.replace('{{count}}', '1'),
      language.returns.other.replace('{{count}}', '2'),
    ]);
    expect(texts('s-button')).toEqual([language.look_up, language.track, language.more]);
  });

  test.each([
    ['empty', () => page([])],
    ['refused', refused],
  ] as const)('the line is translated when the list is %s', async (key, answer) => {
    await open(answer());
    expect(text()).toContain(language[key]);
  });
});
