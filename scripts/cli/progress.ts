/** A bar on the terminal that shows how far a long piece of work is; it is wiped when the work is done. */
export function progressBar(stream: NodeJS.WriteStream, label: string): (done: number, total: number) => void {
  let shown = -1;
  return (done, total) => {
    if (total < worthShowing) return;
    const percent = Math.floor((done / total) * 100);
    if (percent === shown) return;
    shown = percent;
    const filled = Math.round((percent / 100) * barWidth);
    const bar = '█'.repeat(filled) + '░'.repeat(barWidth - filled);
    stream.write(
      done === total ? '\r\u001B[K' : `\r${label} ${bar} ${done.toLocaleString('en')} of ${total.toLocaleString('en')}`,
    );
  };
}

/** Fewer files than this are done before anybody could read the bar. */
const worthShowing = 1000;
const barWidth = 30;
