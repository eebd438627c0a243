"""Manager-contact requests: a customer wants to hear from a manager, within 48 hours, Monday to Friday."""
