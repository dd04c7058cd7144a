import '@shopify/ui-extensions/preact';
import type {ComponentChildren} from 'preact';
import {render} from 'preact';
import {useEffect, useState} from 'preact/hooks';

import {Sums} from './Sums';
import {Details, More, What} from './Steps';
import {begun, choose, type Form, look, type Page, send} from './returns';

export default async () => {
  render(<Dialog />, document.body);
};

const TYPED = ['what', 'details', 'more'];

/** Every step lies with the app: whoever closes the dialog finds all that was chosen when it is opened again. */
function Dialog() {
  const [page, setPage] = useState<Page | null | undefined>();
  const [form, setForm] = useState<Form>({});
  const show = (asked: Promise<Page | null>) => {
    setPage(undefined);
    asked.then((told) => {
      setForm(told ? begun(told) : {});
      setPage(told);
    });
  };
  const begin = () => show(look(shopify.orderId));
  useEffect(begin, []);
  const type = (name: string, value: string) => setForm((typed) => ({...typed, [name]: value}));
  const goOn = () => page && show(choose(shopify.orderId, page.step, form));
  const file = () => page?.check && show(send(shopify.orderId, page.check.seen));
  return (
    <Frame page={page}>
      {page && <Body page={page} form={form} type={type} />}
      <Buttons page={page} goOn={goOn} file={file} begin={begin} />
    </Frame>
  );
}

/** Around every step; one live region, so that a screen reader hears each change. */
function Frame({page, children}: {page: Page | null | undefined; children: ComponentChildren}) {
  const {i18n} = shopify;
  const heading = page ? i18n.translate('title', {name: page.order}) : i18n.translate('label');
  return (
    <s-customer-account-action heading={heading}>
      <s-stack accessibilityRole="status">
        <s-text type="strong">{line(page)}</s-text>
      </s-stack>
      {children}
    </s-customer-account-action>
  );
}

/** Where the buyer stands, in a line. */
function line(page: Page | null | undefined): string {
  const {i18n} = shopify;
  if (page === undefined) return i18n.translate('looking');
  if (page === null || page.step === 'away') return i18n.translate('not_yet');
  if (page.step === 'what' && !isOpen(page)) return i18n.translate('nothing');
  return {
    what: () => i18n.translate('step_what'),
    details: () => i18n.translate('step_details'),
    more: () => i18n.translate('step_more'),
    check: () => i18n.translate('step_check'),
    sent: () => i18n.translate('step_sent'),
    guest: () => i18n.translate('step_guest'),
    gone: () => i18n.translate('step_gone'),
  }[page.step]();
}

const isOpen = ({items}: Page) => items.some(({left}) => left > 0);

type BodyProps = {page: Page; form: Form; type: (name: string, value: string) => void};

function Body({page, form, type}: BodyProps) {
  const fields = {form, type, errors: page.errors};
  const said = [page.notice, page.errors.units].filter(Boolean);
  return (
    <s-stack gap="large">
      {said.map((text) => (
        <s-banner key={text} tone="warning">
          {text}
        </s-banner>
      ))}
      {page.step === 'what' && <What items={page.items} {...fields} />}
      {page.step === 'details' && <Details items={page.items} {...fields} />}
      {page.step === 'more' && <More page={page} {...fields} />}
      {page.check && <Sums check={page.check} />}
      {(page.step === 'what' || page.step === 'sent') && <Requests requests={page.requests} />}
    </s-stack>
  );
}

/** How far each return of this order has come. */
function Requests({requests}: Pick<Page, 'requests'>) {
  return (
    <>
      {requests.map(({name, status, items, told}) => (
        <s-stack key={name} gap="small-200">
          <s-heading>{name}</s-heading>
          <s-text type="strong">{status}</s-text>
          {[...items, ...told].map((text) => (
            <s-text key={text} color="subdued">
              {text}
            </s-text>
          ))}
        </s-stack>
      ))}
    </>
  );
}

type ButtonsProps = {page: Page | null | undefined; goOn: () => void; file: () => void; begin: () => void};

function Buttons({page, goOn, file, begin}: ButtonsProps) {
  const {i18n} = shopify;
  const isGone = page === null || page?.step === 'away';
  const isUnderWay = page && ['details', 'more', 'check'].includes(page.step);
  return (
    <>
      {page && TYPED.includes(page.step) && isOpen(page) && <Main act={goOn}>{i18n.translate('go_on')}</Main>}
      {page?.step === 'check' && <Main act={file}>{i18n.translate('send')}</Main>}
      {isGone && <Main act={begin}>{i18n.translate('try_again')}</Main>}
      {isUnderWay && (
        <s-button slot="secondary-actions" onClick={begin}>
          {i18n.translate('back')}
        </s-button>
      )}
      <s-button slot="secondary-actions" onClick={() => shopify.close()}>
        {i18n.translate('close')}
      </s-button>
    </>
  );
}

function Main({act, children}: {act: () => void; children: ComponentChildren}) {
  return (
    <s-button slot="primary-action" variant="primary" onClick={act}>
      {children}
    </s-button>
  );
}
