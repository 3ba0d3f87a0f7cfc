"""Icons as paths on a 24 by 24 grid: drawn inline, so they need no request and take the colour of the text."""

ICONS: dict[str, str] = {
    "arrow-down": "M12 5v14M6 13l6 6 6-6",
    "arrow-left": "M19 12H5M11 6l-6 6 6 6",
    "arrow-right": "M5 12h14M13 6l6 6-6 6",
    "arrow-up": "M12 19V5M6 11l6-6 6 6",
    "calendar": "M5 6h14a1 1 0 0 1 1 1v12a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V7a1 1 0 0 1 1-1zM4 10h16M8 3.5v4M16 3.5v4",
    "chat": "M4 5h16v11h-9l-5 4v-4H4z",
    "check": "M5 12.5l4.5 4.5L19 7.5",
    "chevron-down": "M6.5 9.5L12 15l5.5-5.5",
    "chevron-right": "M9.5 6.5L15 12l-5.5 5.5",
    "clock": "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 8v4.5l3 2",
    "close": "M6 6l12 12M18 6L6 18",
    "copy": "M9 9h10v10H9zM5 15V5h10",
    "download": "M12 4v11M7 10.5l5 5 5-5M5 20h14",
    "filter": "M4 7h16M7 12h10M10 17h4",
    "flag": "M6 20V4h11l-2 4 2 4H6",
    "globe": "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM4 12h16M12 4c5 5 5 11 0 16M12 4c-5 5-5 11 0 16",
    "info": "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 11v5M12 8v.01",
    "key": "M8 11a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM11 12l8-8M16 7l3 3",
    "list": "M5 7h14M5 12h14M5 17h14",
    "lock": "M6 11h12v9H6zM9 11V8a3 3 0 0 1 6 0v3",
    "mail": "M4 6h16v12H4zM4 7l8 6 8-6",
    "map": "M4 6l5-2 6 2 5-2v14l-5 2-6-2-5 2zM9 4v14M15 6v14",
    "menu": "M4 9h16M4 16h16",
    "minus": "M6 12h12",
    "people": "M9 12a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM3 20a6 6 0 0 1 12 0M16 5a3.5 3.5 0 0 1 0 7M18 15a6 6 0 0 1 3 5",
    "person": "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM5 20a7 7 0 0 1 14 0",
    "pin": "M12 21s-7-6-7-11a7 7 0 0 1 14 0c0 5-7 11-7 11zM12 12.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z",
    "plus": "M12 6v12M6 12h12",
    "search": "M11 5a6 6 0 1 0 0 12 6 6 0 0 0 0-12zM15.5 15.5L20 20",
    "share": "M14 5h5v5M19 5l-8 8M17 13v6H5V7h6",
    "step-free": "M11 5.5v.01M11 9v5h4l3 5M11 11h4M8.5 12a4.5 4.5 0 1 0 5.5 6",
    "warning": "M12 4l9 16H3zM12 10v5M12 17.5v.01",
}

#: Icons that point along the line of text and turn round in right-to-left languages.
MIRRORED = {"arrow-left", "arrow-right", "chevron-right", "share", "list"}
