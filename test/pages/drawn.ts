import sharp from 'sharp';

/** A drawn photograph of a harbour with this many cranes, as JPEG: pixels of our own, with land, water and something in its middle. */
export function harbour(width: number, height: number, cranes: number): Promise<Buffer> {
  const [horizon, unit] = [height * 0.62, width / 20];
  const crane = (n: number) => {
    const x = (width * (n + 1)) / (cranes + 1);
    const top = horizon - height * 0.42;
    return `<path d="M${x} ${horizon}V${top}m${-2 * unit} ${unit}h${5 * unit}m0 0v${unit * 1.5}" fill="none" stroke="#23303d" stroke-width="${unit / 4}"/>`;
  };
  const drawing = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
    <defs><linearGradient id="sky" x2="0" y2="1"><stop stop-color="#6f94b4"/><stop offset="1" stop-color="#f1d9b5"/></linearGradient></defs>
    <rect width="100%" height="100%" fill="url(#sky)"/>
    <circle cx="${width * 0.78}" cy="${horizon * 0.8}" r="${unit}" fill="#fff3d6"/>
    <rect y="${horizon}" width="100%" height="100%" fill="#2f5068"/>
    ${Array.from({ length: cranes }, (_, n) => crane(n)).join('')}
    <path d="M${width * 0.2} ${horizon + unit}h${width * 0.5}l${-unit} ${2 * unit}h${-width * 0.42}z" fill="#8e3b2f"/>
    <rect x="${width * 0.26}" y="${horizon - unit}" width="${3 * unit}" height="${2 * unit}" fill="#e8e2d4"/>
  </svg>`;
  return sharp(Buffer.from(drawing)).jpeg({ quality: 85 }).toBuffer();
}
