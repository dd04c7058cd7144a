import {getExtension} from '@shopify/ui-extensions-tester';
import {afterEach, beforeEach, describe, expect, test, vi} from 'vitest';

import {
  answers, asked, attribute, broken, click, link, named, opened, PAINT, text, texts, translator, wait,
} from '../../shared/tests/page';
import type {Item, Page} from '../src/returns';
import {LANGUAGES} from './languages';

const extension = getExtension('customer-account.order.action.render');

const LAMP: Item = {
  id: 7,
  title: 'Desk lamp',
  variant: 'Brass',
  left: 2,
  quantity: 0,
  explained: 'Delivered 3 June, 30 days: until 3 July.',
  reasons: [
    {value: 'too-large', words: 'Too large'},
    {value: 'damaged', words: 'Arrived damaged'},
  ],
  reason: null,
  outcomes: [
    {value: 'refund', words: 'Money back'},
    {value: 'exchange', words: 'Exchange'},
  ],
  outcome: 'refund',
  note: '',
  variants: [],
  wanted: null,
  questions: [],
  needs_photo: false,
};
const GIFT: Item = {...LAMP, id: 8, title: 'Gift card', left: 0, outcomes: [], explained: 'Gift cards stay.'};
const WHAT: Page = {
  step: 'what',
  order: '#1001',
  page: 'https://shop.example.com/apps/aftercare/orders/x/return/more?proof=y',
  notice: null,
  errors: {},
  items: [LAMP, GIFT],
  requests: [],
};
const DETAILS: Page = {...WHAT, step: 'details', items: [{...LAMP, quantity: 1}]};
const SWAPS = [{value: '95', words: 'Steel · €79.90'}];
const MORE: Page = {
  ...WHAT,
  step: 'more',
  items: [{...LAMP, quantity: 1, outcome: 'exchange', variants: SWAPS, questions: [{question: 'Which part?', answer: ''}]}],
};
const CHECK: Page = {
  ...WHAT,
  step: 'check',
  check: {
    seen: 'a1b2',
    facts: [{title: '1 × Desk lamp', told: ['Money back', 'Too large', LAMP.explained]}],
    sums: [
      {words: '1 × Desk lamp', amount: '€89.90'},
      {words: 'Restocking fee', amount: '-€8.99'},
    ],
    total: {words: 'Comes back to you', amount: '€80.91'},
    next: ['We look at your request and answer by e-mail.'],
  },
};
const SENT: Page = {
  ...WHAT,
  step: 'sent',
  items: [],
  requests: [{name: '#1001-R1', status: 'We look into it.', items: ['1 × Desk lamp'], told: []}],
};
const FILING = {query: 'mutation RequestReturn', variables: {orderId: 'gid://shopify/Order/4242', lines: []}};
const APP = 'https://aftercare.example.com/account/returns/4242';

const told = (page: object) => new Response(JSON.stringify(page));
const open = (...all: (Response | Error)[]) => opened(extension, ...all);
const sent = (app: ReturnType<typeof answers>, place: number) => JSON.parse(String(app.mock.calls[place][1]?.body));

async function type(name: string, value: string, event = 'change') {
  const field = document.querySelector<HTMLInputElement>(`[name="${name}"]`);
  if (!field) throw new Error(`There is no field ${name}`);
  field.value = value;
  field.dispatchEvent(new Event(event, {bubbles: true}));
  await wait(PAINT);
}

async function press(words: string) {
  await click(named('s-button', words));
  await wait(PAINT);
}

beforeEach(() => {
  vi.useFakeTimers();
  extension.setUp();
  extension.shopify.orderId = 'gid://shopify/Order/4242';
  extension.shopify.i18n.translate = translator('en', LANGUAGES.en);
});

afterEach(() => {
  extension.tearDown();
  vi.useRealTimers();
});

describe('a buyer who sends something back', () => {
  test('sees what can come back and why, and why the rest cannot', async () => {
    const app = await open(told(WHAT));
    expect(asked(app)).toEqual([`${APP}?locale=en`]);
    expect(text()).toContain(LAMP.explained);
    expect(text()).toContain(GIFT.explained);
    expect(document.querySelectorAll('s-select')).toHaveLength(1);
    expect(texts('[name="units-7"] s-option')).toEqual(['none', '1', '2']);
  });

  test('is led from step to step, and what was typed is kept by the app', async () => {
    const app = await open(told(WHAT), told(DETAILS), told(MORE), told(CHECK));
    await type('units-7', '1');
    await press('Go on');
    expect(asked(app)[1]).toBe(`${APP}/what?locale=en`);
    expect(sent(app, 1)).toEqual({form: {'units-7': '1'}});
    await type('reason-7', 'too-large');
    await type('outcome-7', 'exchange');
    await type('note-7', 'A bit wide', 'input');
    await press('Go on');
    expect(sent(app, 2)).toEqual({form: {'reason-7': 'too-large', 'outcome-7': 'exchange', 'note-7': 'A bit wide'}});
    await type('variant-7', '95');
    await type('answer-7-0', 'The shade', 'input');
    await press('Go on');
    expect(sent(app, 3)).toEqual({form: {'variant-7': '95', 'answer-7-0': 'The shade'}});
    expect(text()).toContain('€80.91');
  });

  test('reads what was decided and what comes back before anything is sent', async () => {
    await open(told(CHECK));
    for (const words of ['Too large', LAMP.explained, 'Restocking fee', '-€8.99', 'Comes back to you']) {
      expect(text()).toContain(words);
    }
  });

  test('files it at Shopify in person, after the app has written it down', async () => {
    const app = await open(told(CHECK), told({...SENT, filing: FILING}), told({data: {}}));
    await press('Send the request');
    expect(asked(app).slice(1)).toEqual([
      `${APP}/check?locale=en`,
      'shopify://customer-account/api/2026-10/graphql.json',
    ]);
    expect(sent(app, 1)).toEqual({form: {seen: 'a1b2'}});
    expect(sent(app, 2)).toEqual(FILING);
    expect(text()).toContain('#1001-R1');
  });

  test('files nothing that the app has not asked for', async () => {
    const app = await open(told(CHECK), told({...SENT, filing: null}));
    await press('Send the request');
    expect(app).toHaveBeenCalledTimes(2);
    expect(text()).toContain(LANGUAGES.en.step_sent);
  });

  test('is not troubled when Shopify does not take it: the app will file it', async () => {
    await open(told(CHECK), told({...SENT, filing: FILING}), new TypeError('Failed to fetch'));
    await press('Send the request');
    expect(text()).toContain(LANGUAGES.en.step_sent);
  });

  test('finds what is wrong beside its field', async () => {
    const wrong = {...DETAILS, errors: {'reason-7': 'Please choose a reason.'}, notice: 'Please look again.'};
    await open(told(DETAILS), told(wrong));
    await press('Go on');
    expect(attribute('[name="reason-7"]', 'error')).toBe('Please choose a reason.');
    expect(texts('s-banner')).toEqual(['Please look again.']);
  });

  test('adds photos on the order’s own page, where everything chosen is kept', async () => {
    await open(told({...MORE, items: [{...MORE.items[0], needs_photo: true}]}));
    expect(text()).toContain(LANGUAGES.en.photo);
    expect(link('s-button[target="_blank"]')).toBe(WHAT.page);
  });

  test('can go back to the items, and close the dialog', async () => {
    extension.shopify.close = vi.fn();
    const app = await open(told(DETAILS), told(WHAT));
    await press('Back to the items');
    expect(asked(app)[1]).toBe(`${APP}?locale=en`);
    await press('Close');
    expect(extension.shopify.close).toHaveBeenCalledOnce();
  });

  test('is told when nothing can come back, and how far earlier returns are', async () => {
    await open(told({...WHAT, items: [GIFT], requests: SENT.requests}));
    expect(text()).toContain(LANGUAGES.en.nothing);
    expect(text()).toContain('We look into it.');
    expect(named('s-button', 'Go on')).toBeUndefined();
  });

  test('hears every change through a screen reader, because one live region holds every line', async () => {
    await open(told(WHAT), told(DETAILS));
    const region = document.querySelector('[accessibilityRole="status"]');
    expect(region?.textContent).toBe(LANGUAGES.en.step_what);
    await press('Go on');
    expect(region?.textContent).toBe(LANGUAGES.en.step_details);
  });
});

test.each([
  ['is out of order', broken()],
  ['cannot be reached', new TypeError('Failed to fetch')],
  ['cannot reach Shopify', told({...WHAT, step: 'away', items: []})],
])('a buyer reads a calm sentence when the app %s, and can try again', async (_, answer) => {
  await open(answer, told(WHAT));
  expect(text()).toContain(LANGUAGES.en.not_yet);
  await press('Try again');
  expect(text()).toContain(LANGUAGES.en.step_what);
});

test.each(Object.entries(LANGUAGES))('in %s every word of every step is there', async (code, language) => {
  extension.shopify.i18n.translate = translator(code, language);
  await open(told(WHAT), told(DETAILS), told({...MORE, items: [{...MORE.items[0], needs_photo: true}]}), told(CHECK));
  expect(attribute('s-customer-account-action', 'heading')).toBe(language.title.replace('{{name}}', '#1001'));
  for (const step of ['what', 'details', 'more', 'check'] as const) {
    expect(text()).toContain(language[`step_${step}`]);
    expect(texts('s-button').every((words) => Object.values(language).includes(String(words)))).toBe(true);
    if (step !== 'check') await press(language.go_on);
  }
});
