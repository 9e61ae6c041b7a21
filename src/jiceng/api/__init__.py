"""The same answers, figures and acts for other programs: OpenAPI, tokens bound to role and place; it refuses to hold business."""
