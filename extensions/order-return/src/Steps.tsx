import type {ComponentChildren} from 'preact';

import type {Choice, Form, Item, Page} from './returns';

export type Fields = {form: Form; errors: Record<string, string>; type: (name: string, value: string) => void};

/** How many of what. */
export function What({items, ...fields}: Fields & {items: Item[]}) {
  return (
    <>
      {items.map((item) => (
        <Piece key={item.id} item={item}>
          <s-text color="subdued">{item.explained}</s-text>
          {item.left > 0 && (
            <Select
              name={`units-${item.id}`}
              label={shopify.i18n.translate('how_many')}
              choices={counts(item.left)}
              {...fields}
            />
          )}
        </Piece>
      ))}
    </>
  );
}

function counts(left: number): Choice[] {
  const none = {value: '0', words: shopify.i18n.translate('none')};
  return [none, ...Array.from({length: left}, (_, place) => ({value: String(place + 1), words: String(place + 1)}))];
}

/** Why, and what instead. */
export function Details({items, ...fields}: Fields & {items: Item[]}) {
  return (
    <>
      {items.map((item) => (
        <Piece key={item.id} item={item} quantity={item.quantity}>
          {item.reasons.length > 0 && (
            <Select
              name={`reason-${item.id}`}
              label={shopify.i18n.translate('reason')}
              choices={item.reasons}
              isOpen
              {...fields}
            />
          )}
          <Select
            name={`outcome-${item.id}`}
            label={shopify.i18n.translate('outcome')}
            choices={item.outcomes}
            {...fields}
          />
          <Text name={`note-${item.id}`} label={shopify.i18n.translate('note')} {...fields} />
        </Piece>
      ))}
    </>
  );
}

/** What else is needed. A photo cannot be sent from here: the same step on the order's own page takes it. */
export function More({page, ...fields}: Fields & {page: Page}) {
  const {i18n} = shopify;
  return (
    <>
      {page.items.map((item) => (
        <Piece key={item.id} item={item} quantity={item.quantity}>
          {item.variants.length > 0 && (
            <Select
              name={`variant-${item.id}`}
              label={shopify.i18n.translate('instead')}
              choices={item.variants}
              isOpen
              {...fields}
            />
          )}
          {item.questions.map(({question}, place) => (
            <Text key={question} name={`answer-${item.id}-${place}`} label={question} {...fields} />
          ))}
          {item.needs_photo && <s-banner tone="info">{i18n.translate('photo')}</s-banner>}
        </Piece>
      ))}
      {page.items.some(({needs_photo}) => needs_photo) && (
        <s-button href={page.page} target="_blank">
          {i18n.translate('photo_page')}
        </s-button>
      )}
    </>
  );
}

function Piece({item, quantity, children}: {item: Item; quantity?: number; children: ComponentChildren}) {
  const title = quantity ? `${quantity} × ${item.title}` : item.title;
  return (
    <s-stack gap="base">
      <s-stack gap="none">
        <s-heading>{title}</s-heading>
        {item.variant && <s-text color="subdued">{item.variant}</s-text>}
      </s-stack>
      {children}
    </s-stack>
  );
}

/** `isOpen`: nothing is chosen unless the buyer does. */
function Select({name, label, choices, isOpen, form, errors, type}: Fields & SelectProps) {
  return (
    <s-select
      name={name}
      label={label}
      value={form[name]}
      error={errors[name]}
      placeholder={isOpen ? shopify.i18n.translate('choose') : undefined}
      onChange={(event) => type(name, typed(event))}
    >
      {choices.map(({value, words}) => (
        <s-option key={value} value={value}>
          {words}
        </s-option>
      ))}
    </s-select>
  );
}

type SelectProps = {name: string; label: string; choices: Choice[]; isOpen?: boolean};

function Text({name, label, form, errors, type}: Fields & {name: string; label: string}) {
  return (
    <s-text-area
      name={name}
      label={label}
      rows={2}
      maxLength={500}
      value={form[name]}
      error={errors[name]}
      onInput={(event) => type(name, typed(event))}
    />
  );
}

function typed(event: Event): string {
  return (event.currentTarget as {value?: string} | null)?.value ?? '';
}
