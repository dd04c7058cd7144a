import '@shopify/ui-extensions/preact';
import {render} from 'preact';

export default async () => {
  render(<MenuItem />, document.body);
};

/** Without an address of its own the button opens the dialog of this extension. */
function MenuItem() {
  return <s-button>{String(shopify.settings.value.label || shopify.i18n.translate('label'))}</s-button>;
}
