"""What the app counts, for Prometheus. Labels never hold anything about a person or a single shop."""

from prometheus_client import Counter, Gauge, Histogram

webhooks_received = Counter("aftercare_webhooks_received_total", "Webhooks by answer", ["answer"])
webhooks_processed = Counter("aftercare_webhooks_processed_total", "Webhooks worked through", ["topic", "result"])
webhook_lag = Histogram(
    "aftercare_webhook_lag_seconds",
    "From receipt to effect",
    buckets=(0.01, 0.05, 0.1, 0.5, 1, 5, 30, 120, 600, 3600),
)
messages = Counter("aftercare_messages_total", "Messages by template and outcome", ["template", "outcome"])
api_cost = Counter("aftercare_admin_api_cost_points_total", "Points spent in the Admin API", ["document"])
api_throttled = Counter("aftercare_admin_api_throttled_total", "Calls the Admin API put off", ["document"])
queue_depth = Gauge("aftercare_queue_depth", "Rows due and not done", ["queue"], multiprocess_mode="mostrecent")
