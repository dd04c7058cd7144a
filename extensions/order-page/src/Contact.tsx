import type {Order} from '../../shared/orders';

export function Contact({shop}: Pick<Order, 'shop'>) {
  const {i18n} = shopify;
  if (!shop.email) return <s-text color="subdued">{i18n.translate('ask_shop', {shop: shop.name})}</s-text>;
  return (
    <s-stack direction="inline" gap="small-200">
      <s-text color="subdued">{i18n.translate('write', {shop: shop.name})}</s-text>
      <s-link href={`mailto:${shop.email}`}>{shop.email}</s-link>
    </s-stack>
  );
}
