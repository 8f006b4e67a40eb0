// Words that decide what a sentence says, in the languages that newsrooms here write: English, German, French, Spanish, Italian, Portuguese,
// Dutch, Polish, Russian, Ukrainian and the Scandinavian ones. In lower case, without apostrophes.

const listOf = (...lines: readonly string[]): ReadonlySet<string> => new Set(lines.join(' ').split(' '));

/** Words that deny. They count in every language, as a text may quote another one. */
export const negations = listOf(
  'no not nor never none nobody nothing nowhere neither without cannot against hardly barely unless except',
  'dont doesnt didnt isnt arent wasnt werent hasnt havent hadnt cant couldnt wont wouldnt shouldnt mustnt',
  'nicht nichts nie niemals niemand nirgends kein keine keinen keinem keiner keines ohne weder noch',
  'ne pas non jamais aucun aucune sans ni rien personne nul nulle',
  'nunca jamás jamas sin nadie nada ningún ningun ninguno ninguna tampoco',
  'mai senza nessuno nessuna niente nulla né',
  'não nao sem nem ninguém nenhum nenhuma',
  'niet geen nooit niemand niets zonder noch',
  'nie bez nigdy nikt nic ani żaden żadna żadne',
  'не ни нет нету никогда никто ничего ничто нигде без никакой нельзя',
  'ні немає ніколи ніхто нічого ніде жоден жодна',
  'ikke ingen aldri aldrig intet ingenting uten uden inte ingenting inga inget utan icke',
);

/** Numbers in words, and words that stand for one. */
export const numbers = listOf(
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen',
  'nineteen twenty thirty forty fourty fifty sixty seventy eighty ninety hundred hundreds thousand thousands million millions',
  'billion billions trillion trillions dozen dozens half halves quarter quarters third thirds first second fourth fifth sixth',
  'seventh eighth ninth tenth once twice thrice double triple both pair couple single percent',
  'null eins ein zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn',
  'neunzehn zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig hundert hunderte tausend tausende million millionen',
  'milliarde milliarden dutzend halb hälfte viertel drittel erste ersten zweite zweiten dritte dritten doppelt prozent beide beiden',
  'un deux trois quatre cinq sept huit neuf dix onze douze treize quatorze quinze seize vingt trente quarante cinquante soixante',
  'cent cents mille milliard milliards douzaine moitié tiers quart premier première deuxième troisième pourcent',
  'cero dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince veinte treinta cuarenta cincuenta sesenta',
  'setenta ochenta noventa cien ciento cientos mil miles millón millones mitad tercio cuarto primero primera segundo tercero',
  'due quattro sei otto nove dieci venti trenta cinquanta cento mila milioni miliardi metà',
  'dois três quatro oito dez vinte trinta cinquenta cem milhões bilhões metade',
  'een twee drie vijf zes zeven acht negen tien twintig dertig vijftig honderd duizend miljoen miljard helft',
  'jeden dwa trzy cztery pięć sześć siedem osiem dziewięć dziesięć sto tysiąc tysiące tysięcy milion milionów miliard połowa',
  'ноль один одна одно два две три четыре пять шесть семь восемь девять десять одиннадцать двенадцать двадцать тридцать сорок',
  'пятьдесят шестьдесят семьдесят восемьдесят девяносто сто двести триста пятьсот тысяча тысячи тысяч миллион миллиона миллионов',
  'миллиард миллиарда миллиардов половина треть четверть первый первая второй вторая третий дважды трижды оба обе процент процента процентов',
  'нуль дві чотири пять шість сім вісім девять десять двадцять тридцять пятдесят сімдесят тисяча тисячі тисяч мільйон мільйони',
  'мільйонів мільярд мільярди мільярдів половина перший перша другий обидва відсоток відсотка відсотків',
  'tre fem seks syv sju åtte otte elleve tolv tyve tjue tretti femti hundre tusen millioner milliarder prosent',
);

/** Days and months: in some languages they are not capitalised. */
export const dates = listOf(
  'today tomorrow yesterday tonight noon midnight',
  'heute morgen gestern mittag mitternacht',
  'aujourdhui demain hier midi minuit lundi mardi mercredi jeudi vendredi samedi dimanche janvier février mars avril mai juin juillet',
  'août septembre octobre novembre décembre',
  'hoy mañana ayer mediodía medianoche lunes martes miércoles jueves viernes sábado domingo enero febrero marzo abril mayo junio julio',
  'agosto septiembre octubre noviembre diciembre',
  'сегодня завтра вчера полдень полночь понедельник вторник среда среду четверг пятница пятницу суббота субботу воскресенье января',
  'февраля марта апреля мая июня июля августа сентября октября ноября декабря',
  'сьогодні завтра вчора понеділок вівторок середа середу четвер пятниця пятницю субота суботу неділя неділю січня лютого березня',
  'квітня травня червня липня серпня вересня жовтня листопада грудня',
);

/** Who: words that stand for a person. */
export const persons = listOf(
  'i he she him her his hers himself herself we us our they them their you your me my who whom whose man woman men women',
  'ich er sie ihn ihm ihr ihre ihren ihrem ihrer sein seine seinen seinem seiner wir uns unser mann frau',
  'je il elle lui ils elles leur leurs son sa ses nous notre vous votre homme femme',
  'yo él ella ellos ellas su sus nosotros hombre mujer',
  'я он она они его ему её ее ей их им мы нас наш вы ваш',
  'він вона вони його йому її їй їх їм ми нас наш ви ваш',
);

interface Grammar {
  /** Words that may be left out or put in. */
  readonly light: ReadonlySet<string>;
  /** Groups of words that people confuse; one of a group may take the place of another. */
  readonly alike: readonly ReadonlySet<string>[];
}

const none: Grammar = { light: new Set(), alike: [] };

/** By the language of the story. For other languages there are no such words. */
const grammars: Readonly<Record<string, Grammar>> = {
  en: {
    light: listOf('a an the that of to'),
    alike: [
      listOf('a an'),
      listOf('is are'),
      listOf('was were'),
      listOf('has have'),
      listOf('do does'),
      listOf('this these'),
      listOf('that those'),
      listOf('then than'),
      listOf('to too'),
      listOf('lose loose'),
      listOf('affect effect'),
      listOf('affects effects'),
      listOf('affected effected'),
    ],
  },
  de: {
    light: listOf('der die das den dem des dass'),
    alike: [
      listOf('der die das den dem des'),
      listOf('das dass daß'),
      listOf('seit seid'),
      listOf('ist sind'),
      listOf('war waren'),
      listOf('hat haben'),
      listOf('wird werden'),
      listOf('wieder wider'),
    ],
  },
  fr: {
    light: listOf('le la les de du des que'),
    alike: [
      listOf('le la les'),
      listOf('du de des'),
      listOf('a à'),
      listOf('ou où'),
      listOf('est sont'),
      listOf('ce se'),
    ],
  },
  es: {
    light: listOf('el la los las de del que'),
    alike: [listOf('el la los las'), listOf('de del dé'), listOf('es son'), listOf('mas más'), listOf('esta está')],
  },
  ru: { light: listOf('что'), alike: [listOf('в во'), listOf('с со'), listOf('о об обо'), listOf('к ко')] },
  uk: { light: listOf('що'), alike: [listOf('в у'), listOf('і й та'), listOf('з із зі')] },
};

/** The light and the confusable words of a language. `language`: a BCP 47 tag; without one, English. */
export const grammarOf = (language = 'en'): Grammar => grammars[language.split('-')[0]!.toLowerCase()] ?? none;
