/** Ten updates as a live blogger types them, to measure the desk with. Their names are invented. */
export const tenUpdates: readonly string[] = [
  'Doors of the conference centre have opened. First delegates are walking in.',
  'The 9.40 from Harwick has been cancelled. Rail staff tell passengers to expect nothing before noon.',
  'Mayor Lena Brandt: "We will not wait for another winter."',
  'Turnout at 11:00 is 24.6 per cent, the commission says, up from 21.9 four years ago.',
  'BREAKING: Court rejects the appeal. The ban stays in place until at least 4 March.',
  'Two people familiar with the talks say the sides have agreed on a text, but not on who signs it.',
  'Gas at the front-month contract is down 3.1 per cent since the announcement.',
  'Correction coming: we earlier gave the wrong name for the ferry. It is the Aurelia.',
  'Our reporter Sam Okoro, outside the ministry: three black cars have just left by the back gate.',
  "That's it from us for tonight. We are back at 6:30.",
];
