/** A growing buffer to write BSON to. */
export class Output {
  #bytes = Buffer.allocUnsafe(1024);
  #at = 0;

  /** The offset of the next byte. */
  get position(): number {
    return this.#at;
  }

  /** Returns a copy of the bytes that were written. */
  finish(): Buffer {
    return Buffer.from(this.#bytes.subarray(0, this.#at));
  }

  byte(value: number): void {
    this.#room(1);
    this.#bytes[this.#at++] = value;
  }

  int32(value: number): void {
    this.#room(4);
    this.#at = this.#bytes.writeInt32LE(value, this.#at);
  }

  int64(value: bigint): void {
    this.#room(8);
    this.#at = this.#bytes.writeBigInt64LE(BigInt.asIntN(64, value), this.#at);
  }

  double(value: number): void {
    this.#room(8);
    this.#at = this.#bytes.writeDoubleLE(value, this.#at);
  }

  /** Writes text and a terminating zero byte. */
  cstring(text: string): void {
    this.#room(text.length * 3 + 1);
    this.#at += this.#bytes.write(text, this.#at, 'utf8');
    this.#bytes[this.#at++] = 0;
  }

  copy(bytes: Uint8Array): void {
    this.#room(bytes.length);
    this.#bytes.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  /** Reserves four bytes for a length that is known only later. Returns their offset. */
  reserve(): number {
    const at = this.#at;
    this.int32(0);
    return at;
  }

  /**
   * Fills in a reserved length.
   *
   * @param at the offset that `reserve` returned
   * @param length in bytes
   */
  fill(at: number, length: number): void {
    this.#bytes.writeInt32LE(length, at);
  }

  #room(size: number): void {
    if (this.#at + size <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#at + size));
    this.#bytes.copy(larger, 0, 0, this.#at);
    this.#bytes = larger;
  }
}
