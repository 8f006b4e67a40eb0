"""What readers see of pictures, recordings and captured pages, from docs/fold-the-timeline.md alone."""


def pick(value, names):
    return {name: value[name] for name in names.split() if name in value}


def picture_of(picture):
    original = picture['original']
    return {
        'picture': original['name'],
        'width': original['width'],
        'height': original['height'],
        'colour': picture['colour'] if original['type'] == 'image/jpeg' else None,
        'files': [pick(each, 'sha256 type width height size') for each in picture['renditions']],
    }


def medium_of(medium):
    shown = {**medium, **picture_of(medium['picture'])}
    credentials = medium['picture'].get('credentials')
    if credentials and credentials['state'] != 'broken':
        shown['credentials'] = credentials
    if 'recording' in medium:
        recording = medium['recording']
        shown['recording'] = {**pick(recording['file'], 'name sha256 type size'), **pick(recording, 'lasts width height')}
    if 'captions' in medium:
        shown['captions'] = pick(medium['captions']['file'], 'name sha256 size')
    return shown


def capture_of(capture):
    shown = dict(capture)
    if 'picture' in capture:
        page = capture['picture']
        shown['picture'] = {**picture_of(page['picture']), **pick(page['picture']['original'], 'sha256'), **pick(page, 'alt')}
    if 'again' in capture:
        shown['again'] = capture_of(capture['again'])
    return shown
