import type {Check} from './returns';

/** All that the buyer agrees to: what was decided and why, what comes back to the cent, how it goes on. */
export function Sums({check}: {check: Check}) {
  const {i18n} = shopify;
  return (
    <s-stack gap="large">
      {check.facts.map(({title, told}, place) => (
        <s-stack key={place} gap="small-200">
          <s-heading>{title}</s-heading>
          {told.map((text) => (
            <s-text key={text}>{text}</s-text>
          ))}
        </s-stack>
      ))}
      <s-stack gap="small-200">
        <s-heading>{i18n.translate('sums')}</s-heading>
        {check.sums.map(({words, amount}, place) => (
          <Row key={place} words={words} amount={amount} />
        ))}
        <s-divider />
        <Row {...check.total} isTotal />
      </s-stack>
      <s-stack gap="small-200">
        <s-heading>{i18n.translate('next')}</s-heading>
        <s-ordered-list>
          {check.next.map((text) => (
            <s-list-item key={text}>{text}</s-list-item>
          ))}
        </s-ordered-list>
      </s-stack>
    </s-stack>
  );
}

function Row({words, amount, isTotal}: {words: string; amount: string; isTotal?: boolean}) {
  const type = isTotal ? 'strong' : 'generic';
  return (
    <s-grid gridTemplateColumns="1fr auto" gap="base">
      <s-text type={type}>{words}</s-text>
      <s-text type={type}>{amount}</s-text>
    </s-grid>
  );
}
