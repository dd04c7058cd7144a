"""What the web server loads: `granian --interface wsgi shopify_app.wsgi:app`."""

from shopify_app import create_app

app = create_app()
