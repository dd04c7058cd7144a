import {askAsBuyer, tellAsBuyer} from '../../shared/buyer';
import {askShopify} from '../../shared/customerApi';
import {digits} from '../../shared/orders';

export type Choice = {value: string; words: string};

/** Units of one line. Fields that are not of this step are there all the same; `left` 0: `explained` says why. */
export type Item = {
  id: number;
  title: string;
  variant: string | null;
  left: number;
  quantity: number;
  explained: string;
  reasons: Choice[];
  reason: string | null;
  outcomes: Choice[];
  outcome: string | null;
  note: string;
  variants: Choice[];
  wanted: string | null;
  questions: {question: string; answer: string}[];
  needs_photo: boolean;
};

type Row = {words: string; amount: string};

export type Check = {
  seen: string;
  facts: {title: string; told: string[]}[];
  sums: Row[];
  total: Row;
  next: string[];
};

export type Request = {name: string; status: string; items: string[]; told: string[]};

/** One step, every text ready to be read; `errors` by the name of a field. `page`: the same on the shop's storefront. */
export type Page = {
  step: 'what' | 'details' | 'more' | 'check' | 'sent' | 'away' | 'guest' | 'gone';
  order: string;
  page: string;
  notice: string | null;
  errors: Record<string, string>;
  items: Item[];
  check?: Check;
  requests: Request[];
};

/** What Shopify is to be told as the buyer. */
type Filing = {query: string; variables: object};

/** What was typed, by the names of the fields of the order's page on the storefront. */
export type Form = Record<string, string>;

/** Of an order with this gid; null when the app gave no answer. */
export async function look(gid: string): Promise<Page | null> {
  return page(await askAsBuyer(address(gid), {}, {method: 'GET'}));
}

/** The next step, or this one with what is wrong; null when the app gave no answer. */
export async function choose(gid: string, step: string, form: Form): Promise<Page | null> {
  return page(await tellAsBuyer(`${address(gid)}/${step}`, {form}));
}

/**
 * Written down by the app first, then filed at Shopify as the buyer. How the second goes does not matter here: the app
 * sees it at Shopify, and files what is not there.
 */
export async function send(gid: string, seen: string): Promise<Page | null> {
  const told: (Page & {filing?: Filing | null}) | null = await choose(gid, 'check', {seen});
  if (told?.filing) await askShopify(told.filing.query, told.filing.variables);
  return told;
}

/** What is in the fields of a step before anything was typed. */
export function begun({step, items}: Page): Form {
  return Object.fromEntries(items.flatMap((item) => fields(step, item)));
}

function fields(step: Page['step'], item: Item): [string, string][] {
  if (step === 'what') return item.left ? [[`units-${item.id}`, String(item.quantity)]] : [];
  if (step === 'details')
    return [
      [`reason-${item.id}`, item.reason ?? ''],
      [`outcome-${item.id}`, item.outcome ?? ''],
      [`note-${item.id}`, item.note],
    ];
  const answers = item.questions.map(({answer}, place): [string, string] => [`answer-${item.id}-${place}`, answer]);
  return item.variants.length ? [[`variant-${item.id}`, item.wanted ?? ''], ...answers] : answers;
}

function address(gid: string): string {
  return `/account/returns/${digits(gid)}`;
}

async function page(answer: Response | null): Promise<Page | null> {
  return answer?.ok ? answer.json() : null;
}
