// Where a machine has neither camera nor microphone, a drawn one takes their place, so that a talk can be tried there too.

/** Rings that come and go, in a colour of this page's own. */
function drawnCamera() {
  const canvas = Object.assign(document.createElement('canvas'), { width: 640, height: 360 });
  const context = canvas.getContext('2d');
  const hue = Math.floor(Math.random() * 360);
  const draw = () => {
    context.fillStyle = `hsl(${hue} 45% 22%)`;
    context.fillRect(0, 0, 640, 360);
    for (let ring = 0; ring < 5; ring++) {
      const grown = (Date.now() / 3000 + ring / 5) % 1;
      context.strokeStyle = `hsl(${hue + 40} 80% 70% / ${1 - grown})`;
      context.lineWidth = 6;
      context.beginPath();
      context.arc(320, 180, 20 + 150 * grown, 0, 7);
      context.stroke();
    }
  };
  draw();
  const timer = setInterval(draw, 50);
  const [track] = canvas.captureStream(20).getVideoTracks();
  const stop = track.stop.bind(track);
  track.stop = () => {
    clearInterval(timer);
    stop();
  };
  return track;
}

const silentMicrophone = () => new AudioContext().createMediaStreamDestination().stream.getAudioTracks()[0];

const devices = navigator.mediaDevices;
if (devices?.getUserMedia) {
  const ask = devices.getUserMedia.bind(devices);
  const known = devices.enumerateDevices.bind(devices);
  devices.getUserMedia = async (constraints) => {
    try {
      return await ask(constraints);
    } catch (error) {
      const found = await known();
      const isThere = (kind) => found.some((device) => device.kind === kind);
      const isMissing = (wanted, kind) => wanted && !isThere(kind);
      // Somebody who has one and said no is not filmed by another way.
      if (error.name !== 'NotFoundError') throw error;
      const tracks = [];
      if (isMissing(constraints.video, 'videoinput')) tracks.push(drawnCamera());
      if (isMissing(constraints.audio, 'audioinput')) tracks.push(silentMicrophone());
      if (tracks.length === 0) throw error;
      const rest = Object.fromEntries(
        Object.entries(constraints).filter(([media]) =>
          isThere(media === 'video' ? 'videoinput' : 'audioinput'),
        ),
      );
      if (Object.values(rest).some(Boolean)) tracks.push(...(await ask(rest)).getTracks());
      return new MediaStream(tracks);
    }
  };
}
