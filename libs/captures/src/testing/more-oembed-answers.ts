import type { RecordedAnswer } from './oembed-answers.js';

type Fields = Readonly<Record<string, string | number | null>>;

const framed = (src: string) => `<iframe src="${src}" width="640" height="360" allowfullscreen></iframe>`;

/** An answer of a provider with the fields that oembed.com requires; `expected` is what a capture says of it. */
const answered = (
  [name, url]: readonly [name: string, url: string],
  type: 'video' | 'rich' | 'photo' | 'link',
  said: Fields,
  expected: RecordedAnswer['expected'],
): RecordedAnswer => ({ name, url, oembed: { version: '1.0', type, ...said }, expected });

/** Charts, documents, sounds and players. Written after the providers' documentation, as the other answers are: see `oembedAnswers`. */
export const moreOembedAnswers: readonly RecordedAnswer[] = [
  answered(
    ['Datawrapper, a chart', 'https://datawrapper.dwcdn.net/abc12/1/'],
    'rich',
    {
      ...{
        title: 'Votes by district',
        author_name: 'Ann Example',
        provider_name: 'Datawrapper',
        width: 600,
        height: 400,
      },
      html: framed('https://datawrapper.dwcdn.net/abc12/1/'),
    },
    { title: 'Votes by district', author: 'Ann Example', site: 'Datawrapper' },
  ),
  answered(
    ['Flourish, a map', 'https://public.flourish.studio/visualisation/123/'],
    'rich',
    {
      ...{ title: 'Flood levels', author_name: '', provider_name: 'Flourish', width: 700, height: 575 },
      html: '<div class="flourish-embed" data-src="visualisation/123"><script src="https://public.flourish.studio/resources/embed.js"></script></div>',
    },
    { title: 'Flood levels', site: 'Flourish' },
  ),
  answered(
    ['Infogram, an infographic', 'https://infogram.com/talks-1h7'],
    'rich',
    {
      title: 'The talks in figures',
      author_name: 'Desk',
      provider_name: 'Infogram',
      html: framed('https://e.infogram.com/1h7'),
    },
    { title: 'The talks in figures', author: 'Desk', site: 'Infogram' },
  ),
  answered(
    ['TED, a talk', 'https://www.ted.com/talks/ann_example_on_news'],
    'video',
    {
      ...{ title: 'On news', author_name: 'Ann Example', provider_name: 'TED', url: 'https://www.ted.com/talks/1' },
      ...{ thumbnail_url: 'https://pi.tedcdn.com/r/1.jpg', html: framed('https://embed.ted.com/talks/1') },
    },
    { title: 'On news', author: 'Ann Example', site: 'TED', picture: 'https://pi.tedcdn.com/r/1.jpg' },
  ),
  answered(
    ['Kickstarter, a project', 'http://www.kickstarter.com/projects/ann/paper'],
    'rich',
    {
      title: 'A paper',
      author_name: 'Ann',
      provider_name: 'Kickstarter',
      html: framed('https://www.kickstarter.com/w/1'),
    },
    { title: 'A paper', author: 'Ann', site: 'Kickstarter' },
  ),
  answered(
    ['SlideShare, slides with a picture without its scheme', 'https://www.slideshare.net/ann/budget'],
    'rich',
    {
      ...{ title: 'The budget', author_name: 'Ann Example', provider_name: 'SlideShare', total_slides: 12 },
      ...{ thumbnail: '//cdn.slidesharecdn.com/a.jpg', thumbnail_url: '//cdn.slidesharecdn.com/a.jpg' },
    },
    { title: 'The budget', author: 'Ann Example', site: 'SlideShare', picture: 'https://cdn.slidesharecdn.com/a.jpg' },
  ),
  answered(
    ['Scribd, a document without an author', 'http://www.scribd.com/doc/110799637/Ruling'],
    'rich',
    {
      title: 'The ruling',
      provider_name: 'Scribd',
      author_name: null,
      thumbnail_url: 'https://imgv2.scribd.com/1.jpg',
      html: framed('https://s.example'),
    },
    { title: 'The ruling', site: 'Scribd', picture: 'https://imgv2.scribd.com/1.jpg' },
  ),
  answered(
    ['Issuu, a paper', 'https://issuu.com/paper/docs/monday'],
    'rich',
    { title: 'Monday', author_name: 'The Paper', provider_name: 'Issuu', cache_age: 86400 },
    { title: 'Monday', author: 'The Paper', site: 'Issuu' },
  ),
  answered(
    ['CodePen, whose title has line ends', 'https://codepen.io/ann/pen/abc'],
    'rich',
    {
      title: 'A\n  drawing ',
      author_name: 'Ann',
      provider_name: 'CodePen',
      thumbnail_url: 'https://shots.codepen.io/1.jpg',
    },
    { title: 'A drawing', author: 'Ann', site: 'CodePen', picture: 'https://shots.codepen.io/1.jpg' },
  ),
  answered(
    ['Mixcloud, a show with a picture in a field that oembed.com does not have', 'https://www.mixcloud.com/ann/news/'],
    'rich',
    {
      title: 'The news',
      author_name: 'Ann',
      provider_name: 'Mixcloud',
      image: 'https://thumbnailer.mixcloud.com/1.jpg',
    },
    { title: 'The news', author: 'Ann', site: 'Mixcloud' },
  ),
  answered(
    ['Tumblr, a post with a quotation', 'https://ann.tumblr.com/post/1/the-talks'],
    'rich',
    {
      ...{ title: 'The talks', author_name: 'ann', provider_name: 'Tumblr', author_url: 'https://ann.tumblr.com/' },
      html: '<div class="tumblr-post"><a href="https://ann.tumblr.com/post/1">https://ann.tumblr.com/post/1</a></div><script async src="https://assets.tumblr.com/post.js"></script>',
    },
    { title: 'The talks', author: 'ann', site: 'Tumblr' },
  ),
  answered(
    ['WordPress.com, a post quoted in its frame', 'https://wordpress.com/talks/'],
    'rich',
    {
      ...{ title: 'Talks end', author_name: 'Ann Example', provider_name: 'Example News' },
      html: '<blockquote class="wp-embedded-content"><a href="https://a.example/">Talks end</a></blockquote><iframe sandbox="allow-scripts" src="https://a.example/embed/"></iframe>',
    },
    { title: 'Talks end', author: 'Ann Example', site: 'Example News', text: 'Talks end' },
  ),
  answered(
    ['Streamable, a video whose author is empty', 'https://streamable.com/abc'],
    'video',
    { title: 'The goal', author_name: '', provider_name: 'Streamable', thumbnail_url: '//cdn.streamable.com/1.jpg' },
    { title: 'The goal', site: 'Streamable', picture: 'https://cdn.streamable.com/1.jpg' },
  ),
  answered(
    ['Loom, a recording', 'https://loom.com/share/abc'],
    'video',
    { title: 'The briefing', provider_name: 'Loom', duration: 61.5, thumbnail_url: 'https://cdn.loom.com/1.gif' },
    { title: 'The briefing', site: 'Loom', picture: 'https://cdn.loom.com/1.gif' },
  ),
  answered(
    ['Wistia, a video', 'https://fast.wistia.com/embed/iframe/abc'],
    'video',
    {
      title: 'The inquiry',
      provider_name: 'Wistia, Inc.',
      player_color: '54bbff',
      html: framed('https://fast.wistia.net/1'),
    },
    { title: 'The inquiry', site: 'Wistia, Inc.' },
  ),
  answered(
    ['Getty Images, a photo of which the url is the picture', 'http://gty.im/1'],
    'photo',
    {
      title: 'The square',
      author_name: 'Ben',
      provider_name: 'Getty Images',
      url: 'https://media.gettyimages.com/1.jpg',
    },
    { title: 'The square', author: 'Ben', site: 'Getty Images', picture: 'https://media.gettyimages.com/1.jpg' },
  ),
  answered(
    ['GIPHY, a clip whose type is photo', 'https://giphy.com/gifs/abc'],
    'photo',
    {
      title: 'Rain GIF',
      author_name: 'Ann',
      provider_name: 'GIPHY',
      url: 'https://media.giphy.com/media/abc/giphy.gif',
    },
    { title: 'Rain GIF', author: 'Ann', site: 'GIPHY', picture: 'https://media.giphy.com/media/abc/giphy.gif' },
  ),
  answered(
    ['ArcGIS StoryMaps, a story', 'https://storymaps.arcgis.com/stories/abc'],
    'rich',
    { title: 'Where it burns', provider_name: 'ArcGIS StoryMaps', thumbnail_url: 'https://cdn.arcgis.com/1.jpeg' },
    { title: 'Where it burns', site: 'ArcGIS StoryMaps', picture: 'https://cdn.arcgis.com/1.jpeg' },
  ),
  answered(
    ['Spreaker, an episode with entities, which are text in JSON', 'https://www.spreaker.com/episode/1'],
    'rich',
    { title: 'Questions &amp; answers', author_name: 'Ann &#39;A.&#39; Example', provider_name: 'Spreaker' },
    { title: 'Questions &amp; answers', author: 'Ann &#39;A.&#39; Example', site: 'Spreaker' },
  ),
  answered(
    ['Rumble, a video with a picture of another scheme', 'https://rumble.com/v1-a.html'],
    'video',
    { title: 'The hearing', author_name: 'Ann', provider_name: 'Rumble.com', thumbnail_url: 'javascript:alert(1)' },
    { title: 'The hearing', author: 'Ann', site: 'Rumble.com' },
  ),
];
