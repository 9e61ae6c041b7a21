"""The site: settings, addresses, sign-in. No business."""
