import type {Order} from '../../shared/orders';

/** What the buyer can do with the order at this moment, or how far that has come. */
export function Doors({doors}: Pick<Order, 'doors'>) {
  if (doors.length === 0) return null;
  return (
    <s-section heading={shopify.i18n.translate('doors')}>
      <s-stack gap="base">
        {doors.map(({words, url, note}) => (
          <s-stack key={words} gap="small-200">
            {url ? <s-button href={url}>{words}</s-button> : <s-text type="strong">{words}</s-text>}
            {note && <s-text color="subdued">{note}</s-text>}
          </s-stack>
        ))}
      </s-stack>
    </s-section>
  );
}
