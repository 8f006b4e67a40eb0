"""Whom a content names, from docs/fold-the-timeline.md alone."""

# In an order that counts.
PLACES = {
    'arrival': 'actors[] with[]', 'ceremony': 'host guests[]', 'context': 'actors[] relation.between[]',
    'decision': 'by parties[]', 'delegation-named': 'of members[].actor', 'demand': 'actor of[]',
    'departure': 'actors[]', 'incident': 'affected[] counts[].by', 'market-move': 'market',
    'meeting-format-changed': 'participants[]', 'meeting-scheduled': 'participants[]',
    'obstacle': 'actors[] demands[].actor demands[].of[]', 'outcome': 'actors[]',
    'position': 'positions[].actor', 'proposal': 'by parties[]', 'reaction': 'actors[]',
    'result': 'tally[].party', 'scenario': 'actors[]', 'score': 'teams[].team scorer',
    'statement': 'speaker about[] to[]', 'update': '', 'warning': 'actor to[]',
}


def actors_at(value, places, found):
    """Follows the places in their order, item by item."""
    for place in dict.fromkeys(place[0] for place in places):
        rest = [each[1:] for each in places if each[0] == place]
        items = value if place == '[]' else [value[place]] if place in value else []
        for item in items:
            if rest == [[]]:
                found.append(item)
            else:
                actors_at(item, rest, found)


def actors_of(content, alphabetical=False):
    found, places = [], PLACES[content['kind']].replace('[]', '.[]').split()
    actors_at(content['data'], [place.split('.') for place in (sorted(places) if alphabetical else places)], found)
    source = content['sourcing'].get('actor')
    return list(dict.fromkeys(found + ([source] if source else [])))
