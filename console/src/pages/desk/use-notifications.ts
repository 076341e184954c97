import { useState } from "react";

/** Browsers have them only on pages with TLS, or on one's own machine. */
const isSupported = "Notification" in window && window.isSecureContext;

/** Leave to show desktop notifications: asked for when somebody wants them, never by the page itself. */
export function useNotifications() {
  const [permission, setPermission] = useState(isSupported ? Notification.permission : "denied");
  return {
    canAsk: permission === "default",
    ask: () => void Notification.requestPermission().then(setPermission),
  };
}

/** Shows one while another window is in front; a click on it comes here. Gives what takes it away again. */
export function notify(title: string, body: string): () => void {
  if (!isSupported || Notification.permission !== "granted" || document.hasFocus()) return () => undefined;
  const shown = new Notification(title, { body, tag: "warmline-offer", requireInteraction: true });
  shown.onclick = () => {
    window.focus();
    shown.close();
  };
  return () => shown.close();
}
