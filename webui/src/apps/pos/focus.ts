/** After a chip was touched, Enter is for the payment again; who came by keyboard keeps the focus. */
export function letGo(event: MouseEvent): void {
  if (event.detail > 0 && document.activeElement instanceof HTMLButtonElement) document.activeElement.blur();
}
