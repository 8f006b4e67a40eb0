"""AES-256 in Galois/counter mode as in FIPS 197 and NIST SP 800-38D, for a nonce of 96 bits and a tag of 128."""


def doubled(x):
    return x << 1 ^ (0x11b if x & 0x80 else 0)


def make_sbox():
    box, p, q = [0] * 256, 1, 1
    while True:
        p ^= doubled(p)
        for shift in (1, 2, 4):
            q ^= q << shift & 0xff
        q ^= 0x09 if q & 0x80 else 0
        rotated = [(q << n | q >> 8 - n) & 0xff for n in range(5)]
        box[p] = rotated[0] ^ rotated[1] ^ rotated[2] ^ rotated[3] ^ rotated[4] ^ 0x63
        if p == 1:
            box[0] = 0x63
            return box


SBOX = make_sbox()
TABLE = [doubled(s) << 24 | s << 16 | s << 8 | doubled(s) ^ s for s in SBOX]
TABLES = [[(word >> 8 * n | word << 32 - 8 * n) & 0xffffffff for word in TABLE] for n in range(4)]


def round_keys(key):
    words = [int.from_bytes(key[i:i + 4], 'big') for i in range(0, 32, 4)]
    constant = 1
    for i in range(8, 60):
        word = words[i - 1]
        if i % 8 == 0:
            word = (word << 8 | word >> 24) & 0xffffffff
        if i % 4 == 0:
            word = int.from_bytes(bytes(SBOX[byte] for byte in word.to_bytes(4, 'big')), 'big')
        if i % 8 == 0:
            word ^= constant << 24
            constant = doubled(constant)
        words.append(words[i - 8] ^ word)
    return words


def encrypt(keys, block):
    t0, t1, t2, t3 = TABLES
    a, b, c, d = (int.from_bytes(block[i:i + 4], 'big') ^ keys[i // 4] for i in range(0, 16, 4))
    for at in range(4, 56, 4):
        a, b, c, d = (
            t0[a >> 24] ^ t1[b >> 16 & 255] ^ t2[c >> 8 & 255] ^ t3[d & 255] ^ keys[at],
            t0[b >> 24] ^ t1[c >> 16 & 255] ^ t2[d >> 8 & 255] ^ t3[a & 255] ^ keys[at + 1],
            t0[c >> 24] ^ t1[d >> 16 & 255] ^ t2[a >> 8 & 255] ^ t3[b & 255] ^ keys[at + 2],
            t0[d >> 24] ^ t1[a >> 16 & 255] ^ t2[b >> 8 & 255] ^ t3[c & 255] ^ keys[at + 3],
        )
    out = 0
    for at, (w, x, y, z) in enumerate(((a, b, c, d), (b, c, d, a), (c, d, a, b), (d, a, b, c))):
        word = SBOX[w >> 24] << 24 | SBOX[x >> 16 & 255] << 16 | SBOX[y >> 8 & 255] << 8 | SBOX[z & 255]
        out = out << 32 | word ^ keys[56 + at]
    return out


def ghash(key, data):
    powers = []
    for _ in range(128):
        powers.append(key)
        key = key >> 1 ^ (0xe1 << 120 if key & 1 else 0)
    tag = 0
    for at in range(0, len(data), 16):
        tag ^= int.from_bytes(data[at:at + 16].ljust(16, b'\0'), 'big')
        product = 0
        for bit, power in enumerate(powers):
            if tag >> 127 - bit & 1:
                product ^= power
        tag = product
    return tag


def aes_gcm_open(key, nonce, sealed, tag, clear):
    """The plaintext; raises ValueError where the tag is not that of the key."""
    keys = round_keys(key)
    blocks = (encrypt(keys, nonce + (2 + at // 16).to_bytes(4, 'big')).to_bytes(16, 'big') for at in range(0, len(sealed), 16))
    stream = b''.join(blocks)[:len(sealed)]
    padded = b''.join(part + bytes(-len(part) % 16) for part in (clear, sealed))
    lengths = (8 * len(clear)).to_bytes(8, 'big') + (8 * len(sealed)).to_bytes(8, 'big')
    mask = encrypt(keys, nonce + b'\0\0\0\1')
    found = ghash(encrypt(keys, bytes(16)), padded + lengths) ^ mask
    if found.to_bytes(16, 'big') != tag:
        raise ValueError('the text was not sealed under this key')
    return (int.from_bytes(sealed, 'big') ^ int.from_bytes(stream, 'big')).to_bytes(len(sealed), 'big')
