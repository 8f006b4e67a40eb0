"""RFC 8785, for the checks beside this file."""
import json
from decimal import Decimal


def canonical(value):
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode('utf-16-be'))
        return '{' + ','.join(canonical(name) + ':' + canonical(value[name]) for name in names) + '}'
    if isinstance(value, list):
        return '[' + ','.join(canonical(item) for item in value) + ']'
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return number(value)
    return json.dumps(value, ensure_ascii=False)


def number(value):
    """As ECMAScript writes it: a double, with as few digits as tell it from others."""
    exact = Decimal(repr(float(str(value)) + 0)).normalize()
    if not exact.is_finite():
        raise ValueError('JSON has no such number')
    return f'{exact:f}' if -7 < exact.adjusted() < 21 else f'{exact:e}'
