"""The sandbox, spoken to as Slack is: by slack_sdk, bolt and raw sockets."""
