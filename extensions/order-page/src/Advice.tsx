import type {Order} from '../../shared/orders';

/** What happens next, or what to do; empty for an order that is over. */
export function Guide({steps}: {steps: Order['guide']}) {
  if (steps.length === 0) return null;
  return (
    <s-section heading={shopify.i18n.translate('guide')}>
      <s-ordered-list>
        {steps.map((step) => (
          <s-list-item key={step}>{step}</s-list-item>
        ))}
      </s-ordered-list>
    </s-section>
  );
}

/** What buyers ask at this moment of an order. */
export function Questions({questions}: Pick<Order, 'questions'>) {
  return (
    <s-section heading={shopify.i18n.translate('questions')}>
      <s-stack gap="base">
        {questions.map(({question, answer}) => (
          <s-details key={question}>
            <s-summary>{question}</s-summary>
            <s-text>{answer}</s-text>
          </s-details>
        ))}
      </s-stack>
    </s-section>
  );
}
