"""The pages and the data behind them, asked without a browser."""
